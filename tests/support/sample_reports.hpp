// Reports made by hand, one per situation an operator meets: what the exporters' golden tests show.
//
// Every judgement in them is written down, not computed, so that a test of an exporter depends on nothing else.
// Names end in .example, addresses are those of RFC 5737 and RFC 3849. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "probe/predict/verify.hpp"
#include "probe/report/report.hpp"

namespace danewatch::samples {

Report all_good();           // two addresses, one certificate, one record
Report stale_duplicate();    // authenticated, an old record was left beside the new one
Report shadowed();           // a left-over SHA-512 record hides the right SHA-256 one (RFC 7671 9)
Report bogus();              // the TLSA RRset does not validate, with libunbound's words
Report no_starttls();        // two hosts, one without STARTTLS: mail arrives through the other
Report blackhole();          // the only address is silent
Report not_applicable();     // signed, but no TLSA record
Report dual_view();          // RSA and ECDSA certificates, the RSA one is forgotten in the DNS
Report internationalized();  // an https target with an IDN, over IPv6, behind an alias
Report wide_matrix();        // twelve endpoints, five records: stale row, bad column, unusable, unobserved
Report name_servers();       // four of them: one right, one old, one unreachable from here, one that refuses TLSA
Report hostile();            // every string from the network holds control octets and broken UTF-8
Report bad_target();         // a line that is no target

struct NamedReport {
  std::string name;  // of the golden file
  Report report;
};
std::vector<NamedReport> reports();

struct NamedVerify {
  std::string name;
  VerifyReport report;
};
std::vector<NamedVerify> verify_reports();  // a match, a mismatch, only unusable records

// What hostile() says everywhere: escape sequences, line ends, bidirectional overrides, octets that are no UTF-8.
std::string hostile_text();

}  // namespace danewatch::samples

// Inner: the sections of a text report, each written onto a page.
//
// Nothing is decided here: every word comes from the judgement. Pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "exporters/text/layout.hpp"
#include "exporters/text/text.hpp"
#include "probe/predict/verify.hpp"
#include "probe/report/report.hpp"

namespace danewatch::sections {

struct Subject {
  const Finding& finding;
  std::string place;         // where to look, as far as the finding's text does not say it; may be empty
  const TlsaRecord* record;  // to be shown in full, or null
  std::string_view lead;     // what stands before the fix
  std::string zone_lines;    // how to get its remedies as lines of a zone; may be empty
};

// "warning   tlsa-extra-record: PLACE", the sentences, "-> fix". What stands between backticks in the fix and is long
// (a record, a command) gets a line of its own to be copied from. Not so in the text: it may quote a peer, who would
// then choose what an operator copies.
void finding(layout::Page& page, const Subject& subject);

// The summary is the headline of a finding, maybe cut short: shown once is enough.
bool says_summary(const std::vector<Finding>& findings, const std::string& summary);

// The advice of some finding shows the record's data in full.
bool says_data(const std::vector<Finding>& findings, const TlsaRecord& record);

// Name, records, servers and the proof of one host.
void host(layout::Page& page, const Report& report, const HostReport& host);

// One line: "MX secure, A secure, no AAAA, TLSA secure; signed until 2026-02-20". Diagnostic answers are left out.
void dns_proof(layout::Page& page, const std::vector<const Answer*>& answers, SysTime now);
std::vector<const Answer*> pointers(const std::vector<Answer>& answers);

// Of each zone whose name servers were asked by themselves, a line each; explained: every question and what came.
void name_servers(layout::Page& page, const Report& report, bool explained);

// Only with --explain: names checked, chains, the record x endpoint matrix, every lookup.
void explain_host(layout::Page& page, const HostReport& host);
void lookups(layout::Page& page, const std::vector<Answer>& answers);

// "TLSv1.3, ecdsa-p256, CN mx1.example.org, 2026-01-01 to 2026-04-01".
std::string certificate_line(const TlsEvidence& evidence);

}  // namespace danewatch::sections

namespace danewatch {

// The report before colour is added; empty when quiet and ok. For tests, which know the lines to copy by their mark.
std::vector<layout::Line> compose(const Report& report, const TextOptions& options);
std::vector<layout::Line> compose(const VerifyReport& report, const TextOptions& options);

}  // namespace danewatch

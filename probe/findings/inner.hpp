// Inner: what the finding makers share.
//
// A maker appends findings about one part of a report. The first sentence of a finding's text stands alone: it becomes
// the summary. Text from the network never stands in it, is quoted, and is cut to 512 octets. Thread rule: pure
// functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/evidence/predicates.hpp"
#include "probe/findings/right_record.hpp"
#include "probe/report/conclusion.hpp"
#include "probe/report/record_words.hpp"
#include "probe/report/remedy.hpp"
#include "probe/report/report.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {

using Findings = std::vector<Finding>;
using Endpoints = std::vector<const EndpointReport*>;  // of one host, in its order

// The severity of what explains this conclusion; never `ok`, which a finding has not.
Severity explaining(const Conclusion& conclusion, const Policy& policy);

Finding about_host(const HostReport& host, Finding finding);
Finding about_record(const HostReport& host, const RecordReport& record, Finding finding);

// False for a chain from a file (`verify`): neither a name nor an address was asked for.
bool was_dialled(const HostReport& host);
// "192.0.2.1 (mx1.example.org)", or "this chain" when nothing was dialled.
std::string place_of(const HostReport& host, const Endpoints& endpoints);
// Where they stand in the report.
std::vector<std::size_t> places_of(const Endpoints& endpoints);
// What is said of one address, and of several.
struct Predicate {
  std::string one;   // "refuses"
  std::string many;  // "refuse"
  std::string rest;  // " STARTTLS."
};
// "PLACE refuses STARTTLS.", the beginning of a sentence.
std::string says_of(const HostReport& host, const Endpoints& endpoints, const Predicate& says);
// Whether the text names the host by naming `name` alone.
Finding naming(const HostReport& host, std::string_view name, Finding finding);
// The text does not name the subject as it is.
Finding without_subject(Finding finding);
// With more sentences, each after a space.
Finding also(Finding finding, std::string_view sentences);
// With a sentence that quotes the network; nothing is said where the network said nothing.
Finding quoting(Finding finding, std::string_view lead, const std::string& network_text);
// Sets address and view where the endpoints agree on them.
Finding about_endpoints(const HostReport& host, const Endpoints& endpoints, Finding finding);

// "TLSA 3 1 1 0123456789abcdef… of mx1.example.org"
std::string named(const HostReport& host, const RecordReport& record);

// The removal of a record, with care where it may serve other ports or hosts: at a wildcard, behind an alias at the
// owner name, or published by another host of the report.
Step removal(const Report& report, const HostReport& host, const RecordReport& record);
// `by` in the place of the record; beside it, where it matches something.
Remedy replacement(const Report& report, const HostReport& host, const RecordReport& record, Step by);
// "an old key", and what nobody can see from here: what else a load balancer leads to.
std::string_view old_key(const HostReport& host);
bool may_serve_others(const Report& report, const HostReport& host, const RecordReport& record);
// Another host of the same report that has the very same record and may use it; null where there is none.
const HostReport* shared_with(const Report& report, const HostReport& host, const RecordReport& record);

std::string in_quotes(std::string_view network_text);
void find_in_target(const Report& report, Findings& found);
void find_in_lookups(const Report& report, Findings& found);
void find_assumptions(const Report& report, Findings& found);
void find_in_dns(const Report& report, const HostReport& host, Findings& found);
void find_in_given_sets(const Report& report, const HostReport& host, Findings& found);
void find_in_servers(const Report& report, Findings& found);
void find_in_transport(const Report& report, const HostReport& host, Findings& found);
void find_in_sessions(const Report& report, const HostReport& host, Findings& found);
void find_other_ports(const Report& report, const HostReport& host, Findings& found);
void find_limits(const Report& report, Findings& found);
void find_mismatches(const Report& report, const HostReport& host, Findings& found);
void find_explanations(const Report& report, const HostReport& host, Findings& found);
void find_in_certificates(const Report& report, const HostReport& host, Findings& found);
void find_in_records(const Report& report, const HostReport& host, Findings& found);
void find_in_rrset(const HostReport& host, Findings& found);
void find_beyond_own_limits(const Report& report, Findings& found);  // after those whose dates it is about
void find_missing_next(const Report& report, Findings& found);

// Worst first, order kept among equals, at most 50.
Findings sorted(Findings found);

}  // namespace danewatch

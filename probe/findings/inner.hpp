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
#include "probe/report/conclusion.hpp"
#include "probe/report/report.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {

using Findings = std::vector<Finding>;

// The severity of what explains this conclusion; never `ok`, which a finding has not.
Severity explaining(const Conclusion& conclusion, const Policy& policy);

Finding about_host(const HostReport& host, Finding finding);
Finding about_record(const HostReport& host, std::size_t record, Finding finding);

// "192.0.2.1 and 2001:db8::1", at most three of them, then "and 4 more"; duplicates once, order kept.
std::string list(const std::vector<std::string>& items);

// False for a chain from a file (`verify`): neither a name nor an address was asked for.
bool was_dialled(const HostReport& host);
// "192.0.2.1 (mx1.example.org)", or "this chain" when nothing was dialled.
std::string place_of(const HostReport& host, const std::vector<std::size_t>& endpoints);
// "PLACE refuses STARTTLS", or "refuse" where the place is several addresses; `words` begin with the verb of one.
std::string says_of(const std::string& place, const std::string& words);
// Sets address and view where the endpoints agree on them.
Finding about_endpoints(const HostReport& host, const std::vector<std::size_t>& endpoints, Finding finding);

// "3 1 1 0123456789abcdef…": enough to find it.
std::string short_text(const TlsaRecord& record);
// "TLSA 3 1 1 0123456789abcdef… of mx1.example.org"
std::string named(const HostReport& host, std::size_t record);
// The whole zone line, or its beginning where it would fill a page; without an owner the record alone.
std::string line_of(const TlsaRecord& record);
bool is_usable(const HostReport& host, std::size_t record);
// What to publish for the leaf at hand: usage 3, its key, and SHA2-256 (RFC 7671 5.1, 8.1), or SHA2-512 where a usable
// record of that digest stands beside it.
TlsaRecord right_record(const HostReport& host, const Certificate& leaf);
std::string right_line(const HostReport& host, const Certificate& leaf);

// "Replace `OLD` by NEW." and "remove `OLD`", or their careful forms where OLD may serve other ports or hosts: at a
// wildcard, behind an alias at the owner name, or published by another host of the report.
std::string replace_words(const Report& report, const HostReport& host, std::size_t record, const std::string& by);
std::string remove_words(const Report& report, const HostReport& host, std::size_t record);
bool may_serve_others(const Report& report, const HostReport& host, std::size_t record);
// Another host of the same report that has the very same record and may use it; null where there is none.
const HostReport* shared_with(const Report& report, const HostReport& host, std::size_t record);

// "_25._tcp.mx.example.org"
std::string tlsa_owner(const HostReport& host);

// Why an answer is not secure, and who can change that.
struct Gap {
  bool has_signatures = false;  // signed, but nothing says by whom
  std::string detail;           // a sentence with a space before it, or nothing
  std::string fix;
};
// `answer` may be null; `name` is whose records they are; `lookups` are those that diagnose() added to.
Gap gap_of(const Report& report, const std::vector<Answer>& lookups, const std::string& name, const Answer* answer);
std::string state_words(const Gap& gap);  // "not signed"

// Of the aliases the answer followed the first that is not secure, as diagnose() saw it; null where all are.
const Alias* unproven_alias(const std::vector<Answer>& lookups, const Answer& answer);
// "_25._tcp.mx.example.org" lies in the zone of mx.example.org.
std::string zone_owner(std::string_view name);

// For a name that got no answer: an alias in a loop, of too many aliases, or to where nobody answers.
std::optional<Finding> failed_alias_finding(const std::vector<Answer>& lookups, const Answer* answer);
// For a name without addresses: it is an alias to a name that does not exist or has none.
std::optional<Finding> empty_alias_finding(const std::vector<Answer>& lookups, const std::string& name,
                                           Located located);
// For a host without TLSA records: its owner name is an alias to where none are.
std::optional<Finding> dangling_alias_finding(const HostReport& host, const std::string& owner);

std::string quoted(std::string_view network_text);
std::string span_of(std::chrono::seconds time);  // "3 days", "5 hours"

void find_in_target(const Report& report, Findings& found);
void find_in_lookups(const Report& report, Findings& found);
void find_in_dns(const Report& report, const HostReport& host, Findings& found);
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

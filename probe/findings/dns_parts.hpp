// Inner: what findings about the DNS are made of, by what is wrong.
//
// Text from the network is quoted, as everywhere. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

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
// For a host without TLSA records in all other cases, too.
Finding no_tlsa_finding(const Report& report, const HostReport& host);
// For a host without TLSA records, where nothing proves that it has none.
std::optional<Finding> opt_out_finding(const HostReport& host);
// For a host that leads to no address, and for an address in the place of a host.
std::optional<Finding> no_host_finding(const Report& report, const HostReport& host);

}  // namespace danewatch

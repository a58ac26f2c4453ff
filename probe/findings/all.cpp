// Gathers what the finding makers find.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "probe/findings/all.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/place.hpp"

namespace danewatch {
namespace {

constexpr std::size_t at_most = 50;

// Keeps `limit` findings in their order: the first of every code, so that a hundred of one kind hide no other kind,
// then those that come first.
void keep_variety(Findings& found, std::size_t limit) {
  std::vector<bool> kept(found.size());
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < found.size() && codes.size() < limit; ++i) kept[i] = codes.insert(found[i].code).second;
  std::size_t left = limit - codes.size();
  for (std::size_t i = 0; i < found.size() && left > 0; ++i) {
    if (kept[i]) continue;
    kept[i] = true;
    --left;
  }
  std::size_t at = 0;
  std::erase_if(found, [&](const Finding&) { return !kept[at++]; });
}

void find_in_host(const Report& report, const HostReport& host, Findings& found) {
  find_in_dns(report, host, found);
  find_mismatches(report, host, found);
  find_in_transport(report, host, found);
  find_in_sessions(report, host, found);
  find_in_rrset(host, found);
  find_in_records(report, host, found);
  find_explanations(report, host, found);
  find_other_ports(report, host, found);
  find_in_certificates(report, host, found);
}

// Nobody was asked: there is no server whose place could be told.
void forget_servers(Findings& found) {
  for (Finding& finding : found) {
    for (Remedy& remedy : finding.remedies) {
      for (Step& step : remedy.steps) step.at.clear();
    }
  }
}

}  // namespace

Findings sorted(Findings found) {
  std::ranges::stable_sort(
      found, [](const Finding& left, const Finding& right) { return is_worse(left.severity, right.severity); });
  if (found.size() <= at_most) return found;
  const std::size_t dropped = found.size() - at_most + 1;
  keep_variety(found, at_most - 1);
  // The last of them is no worse than what was dropped is bad, so that the order stays.
  Finding last =
      make_finding("limits-reached", "findings", fmt::format("{} more findings are not shown.", dropped), "");
  if (is_worse(last.severity, found.back().severity)) last.severity = found.back().severity;
  found.push_back(std::move(last));
  return found;
}

Findings find_all(const Report& report) {
  Findings found;
  find_in_target(report, found);
  in_each_host(report, found, [&](const HostReport& host, Findings& of_host) { find_in_host(report, host, of_host); });
  find_missing_next(report, found);
  find_limits(report, found);
  find_in_lookups(report, found);
  find_assumptions(report, found);
  in_each_host(report, found,
               [&](const HostReport& host, Findings& of_host) { find_in_given_sets(report, host, of_host); });
  find_in_servers(report, found);
  find_beyond_own_limits(report, found);
  if (report.run.origin == Origin::predicted && std::ranges::none_of(report.hosts, was_dialled)) forget_servers(found);
  return sorted(std::move(found));
}

}  // namespace danewatch

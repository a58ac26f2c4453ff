#include "probe/judgement/more_to_look.hpp"

#include <algorithm>
#include <ranges>

#include "probe/judgement/inner.hpp"
#include "probe/judgement/judge.hpp"

namespace danewatch {
namespace {

// The endpoints of one address stand together, the default view first.
std::size_t end_of_address(const std::vector<TlsEvidence>& endpoints, std::size_t first) {
  std::size_t end = first + 1;
  while (end < endpoints.size() && endpoints[end].view != View::standard) ++end;
  return end;
}

}  // namespace

std::vector<LookPlace> more_to_look(const Report& report) {
  std::vector<LookPlace> places;
  for (std::size_t h = 0; h < report.hosts.size(); ++h) {
    const HostReport& host = report.hosts[h];
    if (!awaits_another_look(host, report.policy)) continue;
    for (std::size_t e = 0; e < host.endpoints.size(); ++e) {
      const bool first = host.endpoints[e].seen.view == View::standard;
      if (first && !was_seen_again(looks_at(report, {h, e}))) places.push_back({h, e});
    }
  }
  return places;
}

std::vector<TlsEvidence> looks_at(const Report& report, const LookPlace& place) {
  std::vector<TlsEvidence> all;
  for (const TlsEvidence& seen : looks(report.hosts[place.host])) all.push_back(seen);
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(place.endpoint);
  return {begin, all.begin() + static_cast<std::ptrdiff_t>(end_of_address(all, place.endpoint))};
}

Evidence with_looks(const Report& report, const std::vector<PlaceLooks>& places) {
  Evidence evidence = facts_of(report);
  for (const auto& [place, seen] : std::views::reverse(places)) {  // so that places stay where they are
    auto& endpoints = evidence.hosts[place.host].endpoints;
    const auto begin = endpoints.begin() + static_cast<std::ptrdiff_t>(place.endpoint);
    const auto end = endpoints.begin() + static_cast<std::ptrdiff_t>(end_of_address(endpoints, place.endpoint));
    const auto at = endpoints.erase(begin, end);
    endpoints.insert(at, seen.begin(), seen.end());
  }
  return evidence;
}

}  // namespace danewatch

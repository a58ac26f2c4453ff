#include "probe/life/senders_saw.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace danewatch {
namespace {

template <class Value, class Weight>
void keep_heaviest(std::vector<Value>& values, std::size_t most, Weight weight) {
  std::ranges::stable_sort(values, std::greater<>{}, weight);
  if (values.size() > most) values.resize(most);
}

}  // namespace

SendersDay whole_day(const SenderDayKey& key, const SenderDay& sum) {
  SendersDay day{key.day, key.believed, sum.reports, sum.sessions, {}, {}};
  for (const auto& [name, sessions] : sum.senders) day.senders.push_back({name, sessions});
  for (const auto& [trouble, count] : sum.troubles) {
    ToldTrouble& told = day.troubles.emplace_back(ToldTrouble{trouble, count.sessions, {}});
    for (const auto& [sender, sessions] : count.senders) told.senders.push_back(sender);
  }
  return day;
}

std::vector<std::string> names_in_reports(const Target& target, const DnsEvidence& dns) {
  if (target.service != &smtp_service() || target.kind == TargetKind::address_literal) return {};
  std::vector<std::string> names{target.name};
  for (const HostEvidence& host : dns.hosts) {
    names.push_back(host.host);
    if (!host.base_domain.empty()) names.push_back(host.base_domain);
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

SendersSaw senders_saw(const SenderTally& tally, const std::vector<std::string>& names, bool vouched) {
  std::map<std::pair<std::chrono::sys_days, bool>, SenderDay> days;
  for (const std::string& name : names) {
    const SenderDayKey first{name, std::chrono::sys_days::min(), false};
    for (auto at = tally.days().lower_bound(first); at != tally.days().end() && at->first.domain == name; ++at) {
      join(days[{at->first.day, at->first.believed}], at->second);
    }
  }
  SendersSaw saw;
  saw.vouched = vouched;
  for (auto at = days.rbegin(); at != days.rend(); ++at) {
    SendersDay& day = saw.days.emplace_back(whole_day({"", at->first.first, at->first.second}, at->second));
    keep_heaviest(day.senders, SenderDays::most_senders,
                  [](const SenderShare& each) { return std::pair(each.sessions.failed, each.sessions.successful); });
    keep_heaviest(day.troubles, SenderDays::most_troubles, &ToldTrouble::sessions);
    for (ToldTrouble& told : day.troubles) told.senders.resize(std::min(told.senders.size(), SenderDays::most_senders));
  }
  return saw;
}

}  // namespace danewatch

#include "probe/life/sender_tally.hpp"

#include <algorithm>
#include <utility>

namespace danewatch {
namespace {

constexpr std::size_t longest_name = 100;

void add(SenderSessions& into, const SenderSessions& more) {
  into.successful = add_sessions(into.successful, more.successful);
  into.failed = add_sessions(into.failed, more.failed);
}

SenderTrouble trouble_of(const SenderPolicy& policy, const SenderFailure& failure) {
  SenderTrouble trouble{failure.result_type.substr(0, longest_name), failure.mx_host.substr(0, 255), policy.type, {}};
  if (policy.type != SenderPolicyType::tlsa) return trouble;
  const auto count = std::min(policy.strings.size(), SenderTally::most_records);
  for (std::size_t i = 0; i < count; ++i) trouble.strings.push_back(policy.strings[i].substr(0, 200));
  std::ranges::sort(trouble.strings);
  return trouble;
}

std::size_t particulars_of(const SenderDay& day) {
  std::size_t all = day.senders.size() + day.troubles.size();
  for (const auto& [trouble, count] : day.troubles) all += count.senders.size();
  return all;
}

}  // namespace

std::string sender_name(const SenderReport& report) {
  return report.signed_by.empty() ? report.organization.substr(0, longest_name) : report.signed_by;
}

bool SenderTally::Room::takes_day(bool there) {
  if (!there && days == most_days) return false;
  days += there ? 0 : 1;
  return true;
}

bool SenderTally::Room::takes(bool there) {
  if (!there && particulars == most_particulars) return false;
  particulars += there ? 0 : 1;
  return true;
}

void SenderTally::add_trouble(const Place& place, SenderTrouble trouble, std::uint64_t sessions) {
  auto& troubles = place.day.troubles;
  if (!place.room.takes(troubles.contains(trouble))) return;
  TroubleCount& count = troubles[std::move(trouble)];
  count.sessions = add_sessions(count.sessions, sessions);
  if (!place.room.takes(count.senders.contains(place.sender))) return;
  auto& of_sender = count.senders[place.sender];
  of_sender = add_sessions(of_sender, sessions);
}

void SenderTally::add_policy(const Place& place, const SenderPolicy& policy) {
  const SenderSessions sessions{policy.successful.value_or(0), failed_sessions(policy)};
  auto& senders = place.day.senders;
  danewatch::add(place.day.sessions, sessions);
  if (place.room.takes(senders.contains(place.sender))) danewatch::add(senders[place.sender], sessions);
  for (const auto& failure : policy.failures) {
    add_trouble(place, trouble_of(policy, failure), failure.sessions.value_or(1));
  }
  const std::uint64_t unlisted = unlisted_failures(policy);
  if (unlisted > 0) add_trouble(place, trouble_of(policy, {}), unlisted);
}

bool SenderTally::add(const SenderReport& report, bool believed) {
  // An unproven copy of what is proven counts no more; a proven one counts beside an unproven one, which may be a trap.
  if (known_.contains(report.key + "!")) return false;
  const auto first = std::chrono::floor<std::chrono::days>(report.begin);
  if (!known_.emplace(report.key + (believed ? "!" : "?"), first).second) return false;
  ++reports_;
  for (const auto& note : report.notes) ++notes_[note];
  const std::string sender = sender_name(report);
  std::vector<SenderDay*> touched;
  for (const auto& policy : report.policies) {
    const SenderDayKey key{policy.domain, first, believed};
    Room& room = believed ? believed_ : doubted_;
    if (!room.takes_day(days_.contains(key))) continue;
    SenderDay& day = days_[key];
    add_policy({sender, day, room}, policy);
    if (std::ranges::count(touched, &day) == 0) touched.push_back(&day);
  }
  for (SenderDay* day : touched) {
    ++day->reports;
    day->latest = std::max(day->latest, report.end);
  }
  return true;
}

void SenderTally::forget_before(std::chrono::sys_days first) {
  std::erase_if(known_, [&](const auto& entry) { return entry.second < first; });
  std::erase_if(days_, [&](const auto& entry) {
    const bool old = entry.first.day < first;
    if (!old) return false;
    Room& room = entry.first.believed ? believed_ : doubted_;
    --room.days;
    room.particulars -= particulars_of(entry.second);
    return true;
  });
}

void join(SenderDay& into, const SenderDay& more) {
  into.reports += more.reports;
  add(into.sessions, more.sessions);
  for (const auto& [name, sessions] : more.senders) add(into.senders[name], sessions);
  for (const auto& [trouble, count] : more.troubles) {
    TroubleCount& sum = into.troubles[trouble];
    sum.sessions = add_sessions(sum.sessions, count.sessions);
    for (const auto& [name, sessions] : count.senders) sum.senders[name] = add_sessions(sum.senders[name], sessions);
  }
  into.latest = std::max(into.latest, more.latest);
}

bool is_from_the_future(const SenderReport& report, SysTime now) {
  return report.begin > now + std::chrono::days{2};
}

SendersSay what_senders_say(const SenderTally& tally, bool all) {
  std::map<std::pair<std::string, std::string>, SenderSessions> by_sender;
  SendersSay said = SendersSay::nothing;
  for (const auto& [key, day] : tally.days()) {
    if (!key.believed && !all) continue;
    said = std::max(said, day.sessions.failed > 0 ? SendersSay::failures : SendersSay::no_failures);
    for (const auto& [name, sessions] : day.senders) add(by_sender[{key.domain, name}], sessions);
  }
  const auto mostly = [](const auto& entry) { return entry.second.failed > entry.second.successful; };
  return std::ranges::any_of(by_sender, mostly) ? SendersSay::mostly_failures : said;
}

}  // namespace danewatch

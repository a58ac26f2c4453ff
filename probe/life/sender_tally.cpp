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

}  // namespace

std::string sender_name(const SenderReport& report) {
  return report.signed_by.empty() ? report.organization.substr(0, longest_name) : report.signed_by;
}

void SenderTally::add_policy(const SenderReport& report, const SenderPolicy& policy, SenderDay& day) {
  const SenderSessions sessions{policy.successful.value_or(0), failed_sessions(policy)};
  danewatch::add(day.sessions, sessions);
  const std::string name = sender_name(report);
  if (day.senders.contains(name) || particulars_ < most_particulars) {
    particulars_ += day.senders.contains(name) ? 0 : 1;
    danewatch::add(day.senders[name], sessions);
  }
  for (const auto& failure : policy.failures) {
    const auto trouble = trouble_of(policy, failure);
    const bool there = day.troubles.contains(trouble);
    if (!there && particulars_ == most_particulars) continue;
    particulars_ += there ? 0 : 1;
    auto& count = day.troubles[trouble];
    count = add_sessions(count, failure.sessions.value_or(1));
  }
}

bool SenderTally::add(const SenderReport& report, bool believed) {
  // An unproven copy of what is proven counts no more; a proven one counts beside an unproven one, which may be a trap.
  if (known_.contains(report.key + "!")) return false;
  if (!known_.insert(report.key + (believed ? "!" : "?")).second) return false;
  ++reports_;
  for (const auto& note : report.notes) ++notes_[note];
  std::vector<SenderDay*> touched;
  for (const auto& policy : report.policies) {
    const SenderDayKey key{policy.domain, std::chrono::floor<std::chrono::days>(report.begin), believed};
    if (!days_.contains(key) && days_.size() == most_days) continue;
    SenderDay& day = days_[key];
    add_policy(report, policy, day);
    if (std::ranges::count(touched, &day) == 0) touched.push_back(&day);
  }
  for (SenderDay* day : touched) {
    ++day->reports;
    day->latest = std::max(day->latest, report.end);
  }
  return true;
}

void SenderTally::forget_before(std::chrono::sys_days first) {
  std::erase_if(days_, [&](const auto& entry) {
    const bool old = entry.first.day < first;
    if (old) particulars_ -= entry.second.senders.size() + entry.second.troubles.size();
    return old;
  });
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

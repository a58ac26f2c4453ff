#include "probe/life/sender_totals.hpp"

#include <algorithm>

namespace danewatch {
namespace {

void count(SenderTotal& total, std::string_view result, std::uint64_t sessions) {
  const auto found = total.sessions.find(result);
  auto& sum = found == total.sessions.end() ? total.sessions[std::string(result)] : found->second;
  sum = add_sessions(sum, sessions);
}

void add_policy(SenderTotal& total, const SenderPolicy& policy) {
  count(total, "success", policy.successful.value_or(0));
  for (const SenderFailure& failure : policy.failures) {
    const bool known = !meaning_of_result(failure.result_type).empty();
    count(total, known ? std::string_view(failure.result_type) : "other", failure.sessions.value_or(1));
  }
  count(total, "other", unlisted_failures(policy));
}

}  // namespace

void SenderTotals::add(const SenderReport& report) {
  for (const SenderPolicy& policy : report.policies) {
    if (!domains_.contains(policy.domain) && domains_.size() == most_domains) continue;
    SenderTotal& total = domains_[policy.domain];
    add_policy(total, policy);
    total.last_report = std::max(total.last_report, report.end);
  }
}

std::vector<std::string_view> sender_results() {
  std::vector<std::string_view> all{"success"};
  for (const auto& word : iana_results()) all.push_back(word);
  all.emplace_back("other");
  return all;
}

}  // namespace danewatch

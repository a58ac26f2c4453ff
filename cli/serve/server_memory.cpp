#include "cli/serve/server_memory.hpp"

#include <algorithm>

#include "resolver/servers/zones_to_ask.hpp"

namespace danewatch {
namespace {

constexpr std::chrono::minutes while_in_trouble{5};

// A share of the interval that differs from target to target and stays: so they do not gather in step.
std::chrono::milliseconds own_interval(const std::string& target, std::chrono::milliseconds interval) {
  const auto tenth = interval / 10;
  const auto share = static_cast<long>(std::hash<std::string>()(target) % 1000);
  return interval - tenth * share / 1000;
}

bool is_trouble(const Report& report) {
  return std::ranges::any_of(report.findings, [](const Finding& finding) {
    const bool about_servers = finding.code.starts_with("server-");
    return about_servers && (finding.severity == Severity::warning || finding.severity == Severity::critical);
  });
}

void add_answers(const std::vector<Answer>& lookups, std::vector<std::string>& facts) {
  for (const Answer& answer : lookups) {
    const bool counts = answer.question.type == RrType::tlsa || answer.question.type == RrType::mx;
    if (!counts || answer.diagnostic) continue;
    for (const Rdata& data : answer.data) facts.push_back(answer.question.name + " " + data.text);
  }
}

}  // namespace

std::vector<std::string> facts_for_servers(const DnsEvidence& dns) {
  std::vector<std::string> facts;
  for (const ZoneQuestion& each : zones_to_ask(dns)) {
    facts.push_back(each.question.name + " " + to_string(each.question.type) + " " + each.zone.value_or(""));
  }
  add_answers(dns.lookups, facts);
  for (const HostEvidence& host : dns.hosts) add_answers(host.lookups, facts);
  std::ranges::sort(facts);
  return facts;
}

std::optional<NameServers> ServerMemory::known(const std::string& target, const DnsEvidence& dns, const Pace& pace,
                                               SysTime now) {
  auto facts = facts_for_servers(dns);
  const auto found = kept_.find(target);
  const bool first = found == kept_.end();
  const bool changed = !first && found->second.facts != facts;
  if (!changed) {
    const auto usual = own_interval(target, pace.interval);
    const auto wait =
        !first && found->second.trouble ? std::min<std::chrono::milliseconds>(usual, while_in_trouble) : usual;
    const bool due = first || now - found->second.servers.at >= wait;
    if (!due) return found->second.servers;
    if (!has_turn(pace, now)) return first ? NameServers() : found->second.servers;
  }
  kept_[target].facts = std::move(facts);
  return std::nullopt;
}

// Twice as fast as all of them need it.
bool ServerMemory::has_turn(const Pace& pace, SysTime now) {
  const auto seconds =
      static_cast<std::size_t>(std::max<long>(std::chrono::floor<std::chrono::seconds>(pace.interval).count(), 1));
  const std::size_t in_a_second = 1 + 2 * pace.targets / seconds;
  if (now != second_) turns_ = 0;
  second_ = now;
  return ++turns_ <= in_a_second;
}

void ServerMemory::remember(const std::string& target, const Report& report) {
  if (report.servers.asked != NameServers::Asked::yes) return;
  Kept& kept = kept_[target];
  kept.servers = report.servers;
  kept.trouble = is_trouble(report);
}

void ServerMemory::forget_others(const std::vector<std::string>& targets) {
  std::erase_if(kept_, [&](const auto& each) { return std::ranges::find(targets, each.first) == targets.end(); });
}

}  // namespace danewatch

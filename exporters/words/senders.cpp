#include "exporters/words/senders.hpp"

#include <fmt/format.h>

#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"

namespace danewatch::words {
namespace {

// "3 1 1 60ab...", enough to recognise.
std::string short_record(const std::string& text) {
  constexpr std::size_t enough = 6 + 16;
  const std::string shown = text.size() <= enough ? text : text.substr(0, enough) + "...";
  return layout::glued(escape_for_terminal(shown));
}

}  // namespace

std::string_view policy(SenderPolicyType type) {
  switch (type) {
    case SenderPolicyType::tlsa:
      return "DANE";
    case SenderPolicyType::sts:
      return "MTA-STS";
    case SenderPolicyType::no_policy_found:
      return "no policy";
    case SenderPolicyType::other:
      return "another policy";
  }
  return "";
}

std::string count_of(std::uint64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string sessions(const SenderSessions& sessions) {
  const std::uint64_t all = add_sessions(sessions.successful, sessions.failed);
  if (all == 0) return "no sessions";
  if (sessions.failed == 0) return count_of(all, "session") + ", none failed";
  return fmt::format("{} of {} failed", sessions.failed, count_of(all, "session"));
}

layout::Tone tone_of(const SenderSessions& sessions) {
  if (sessions.failed == 0) return sessions.successful == 0 ? layout::Tone::faint : layout::Tone::good;
  return sessions.failed > sessions.successful ? layout::Tone::bad : layout::Tone::warn;
}

std::string sender_domain(const SenderDayKey& key) {
  return key.domain.empty() ? "(no domain)" : escape_for_terminal(key.domain);
}

std::string sender(std::string_view name) {
  return name.empty() ? "(unnamed)" : escape_for_terminal(name);
}

std::string trouble(const SenderTrouble& trouble) {
  std::string text = trouble.result_type.empty() ? "no reason given" : escape_for_terminal(trouble.result_type);
  if (!trouble.mx_host.empty()) text += " at " + escape_for_terminal(trouble.mx_host);
  text += fmt::format(" ({}", policy(trouble.policy));
  for (const auto& record : trouble.strings) text += ", " + short_record(record);
  return text + ")";
}

}  // namespace danewatch::words

#include "exporters/text/senders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "exporters/text/layout.hpp"
#include "exporters/words/senders.hpp"
#include "exporters/words/words.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Span;
using layout::Tone;

constexpr std::size_t most_shown = 20;  // senders and troubles of a day; --json has them all

template <class Key, class Value, class Weight>
std::vector<std::pair<Key, Value>> heaviest(const std::map<Key, Value>& all, Weight weight) {
  std::vector<std::pair<Key, Value>> sorted(all.begin(), all.end());
  std::ranges::stable_sort(sorted, std::greater<>{}, [&](const auto& entry) { return weight(entry.second); });
  return sorted;
}

Span label(const SenderSessions& sessions) {
  const Tone tone = words::tone_of(sessions);
  return {tone == Tone::bad || tone == Tone::warn ? "FAILED" : tone == Tone::good ? "ok" : "", tone};
}

void more(Page& page, std::size_t all) {
  if (all > most_shown)
    page.paragraph({}, "", {{fmt::format("and {} more: --json has them all", all - most_shown), Tone::faint}});
}

void show(Page& page, const SenderDayKey& key, const SenderDay& day, bool trust_all) {
  page.blank();
  const bool doubted = !key.believed && !trust_all;
  layout::Spans head{
      {words::sender_domain(key), Tone::strong}, {", " + words::date(key.day) + ": "}, {words::sessions(day.sessions)}};
  if (doubted)
    head.push_back({"; not authenticated: anybody may have written this, so it does not count", Tone::faint});
  page.paragraph(doubted ? Span{} : label(day.sessions), "", head);
  const auto senders = heaviest(day.senders, [](const SenderSessions& s) { return std::pair(s.failed, s.successful); });
  for (std::size_t i = 0; i < std::min(senders.size(), most_shown); ++i) {
    page.paragraph({}, "", {{words::sender(senders[i].first) + ": " + words::sessions(senders[i].second)}});
  }
  more(page, senders.size());
  const auto troubles = heaviest(day.troubles, [](const TroubleCount& count) { return count.sessions; });
  for (std::size_t i = 0; i < std::min(troubles.size(), most_shown); ++i) {
    const auto& [trouble, count] = troubles[i];
    const auto meaning = meaning_of_result(trouble.result_type);
    const std::string said = meaning.empty() ? "" : fmt::format(": {}", meaning);
    page.paragraph({}, "-> ", {{words::count_of(count.sessions, "session") + ": " + words::trouble(trouble) + said}});
  }
  more(page, troubles.size());
}

void remarks(Page& page, const SenderSummary& summary) {
  page.blank();
  std::string read = words::count_of(summary.tally.reports(), "report");
  if (summary.repeated > 0) read += fmt::format("; {} came again and counted once", summary.repeated);
  if (summary.older > 0) read += fmt::format("; {} older", summary.older);
  if (summary.others > 0)
    read += fmt::format("; {} without a TLS report", words::count_of(summary.others, "other document"));
  if (!summary.rejected.empty()) read += fmt::format("; {} could not be read", summary.rejected.size());
  page.paragraph({"read", Tone::faint}, "", {{read}});
  for (const auto& [note, count] : summary.tally.notes()) {
    page.paragraph({"note", Tone::faint}, "",
                   {{fmt::format("{} with {}", words::count_of(count, "report"), note), Tone::faint}});
  }
  if (summary.trust_all && summary.tally.reports() > 0) {
    page.paragraph(
        {"note", Tone::faint}, "",
        {{"Nobody vouched for these reports: anybody can mail one. --authserv-id names the mail server whose "
          "Authentication-Results count.",
          Tone::faint}});
  }
}

}  // namespace

std::string to_text(const SenderSummary& summary, const TextOptions& options) {
  Page page(options.width);
  std::vector<const std::pair<const SenderDayKey, SenderDay>*> days;
  for (const auto& entry : summary.tally.days()) days.push_back(&entry);
  std::ranges::stable_sort(days, [](const auto* left, const auto* right) {
    return std::pair(left->first.domain, right->first.day) < std::pair(right->first.domain, left->first.day);
  });
  for (const auto* day : days) show(page, day->first, day->second, summary.trust_all);
  remarks(page, summary);
  return layout::render(page.lines(), options.color);
}

}  // namespace danewatch

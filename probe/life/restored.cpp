#include "probe/life/restored.hpp"

#include <algorithm>

#include "probe/life/record_life.hpp"

namespace danewatch {
namespace {

Reason reason_from(std::string_view word) {
  for (int r = 0; r <= static_cast<int>(Reason::refused_by_policy); ++r) {
    if (to_string(static_cast<Reason>(r)) == word) return static_cast<Reason>(r);
  }
  return Reason::none;
}

// Of "mismatch/no-match critical", as sight_of() writes it.
std::optional<HistoryEntry> entry_of(const std::string& words, SysTime at) {
  const auto blank = words.find(' ');
  const auto slash = words.find('/');
  const auto verdict = verdict_from(words.substr(0, std::min(blank, slash)));
  if (blank == std::string::npos || !verdict) return std::nullopt;
  HistoryEntry entry;
  entry.at = at;
  entry.conclusion.verdict = *verdict;
  if (slash != std::string::npos) entry.conclusion.reason = reason_from(words.substr(slash + 1, blank - slash - 1));
  for (const Severity each : {Severity::ok, Severity::info, Severity::unknown, Severity::warning, Severity::critical}) {
    if (to_string(each) == std::string_view(words).substr(blank + 1)) entry.severity = each;
  }
  return entry;
}

void add_verdict(History& history, const Life& life, const Interval& interval) {
  const auto first = entry_of(interval.thing.name, interval.first_seen);
  if (!first) return;
  history.since = interval.first_seen;
  HistoryEntry last = *first;
  last.at = last_seen(life, interval);
  if (last.at != first->at) history.entries.push_back(*first);
  history.entries.push_back(last);
  if (is_success(last.severity)) history.last_success = last.at;
}

}  // namespace

History restored(const Life& life, const HistoryLimits& limits) {
  History history;
  for (const auto* intervals : {&life.past, &life.open}) {
    for (const Interval& each : *intervals) {
      if (each.thing.place.kind == Kind::verdict) add_verdict(history, life, each);
    }
  }
  if (history.entries.size() > limits.recent) {
    history.entries.erase(history.entries.begin(), history.entries.end() - static_cast<std::ptrdiff_t>(limits.recent));
  }
  for (const RecordLife& each : record_lives(life)) {
    if (each.state == RecordLife::State::gone || history.records.size() >= limits.records) continue;
    history.records.insert_or_assign({each.server, each.record}, RecordTimes{each.first_seen, each.last_matched});
  }
  return history;
}

}  // namespace danewatch

#include "probe/life/restored.hpp"

#include <algorithm>

#include "probe/life/record_life.hpp"
#include "probe/life/runs.hpp"

namespace danewatch {
namespace {

bool ended_alike(const HistoryEntry& left, const HistoryEntry& right) {
  return left.conclusion == right.conclusion && left.severity == right.severity;
}

void add_verdict(History& history, const Life& life, const Interval& interval) {
  const auto seen = verdict_seen(interval.thing.name);
  if (!seen) return;
  history.since = interval.first_seen;
  HistoryEntry first;
  first.at = interval.first_seen;
  first.conclusion = seen->conclusion;
  first.severity = seen->severity;
  HistoryEntry last = first;
  last.at = last_seen(life, interval);
  if (last.at != first.at) history.entries.push_back(first);
  history.entries.push_back(last);
  if (is_success(last.severity)) history.last_success = last.at;
}

// They are all there were, also those that could not look; a verdict may have begun before the first of them.
void take_runs(History& history, std::vector<HistoryEntry> runs) {
  history.entries = std::move(runs);
  for (const HistoryEntry& each : history.entries) {
    if (is_success(each.severity)) history.last_success = std::max(history.last_success.value_or(each.at), each.at);
  }
  const HistoryEntry& last = history.entries.back();
  if (last.conclusion.verdict != Verdict::unknown) return;
  for (auto each = history.entries.rbegin(); each != history.entries.rend() && ended_alike(*each, last); ++each) {
    history.since = each->at;
  }
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
  auto runs = unpacked(life.head.runs);
  if (!runs.empty()) take_runs(history, std::move(runs));
  for (const RecordLife& each : record_lives(life)) {
    if (each.state == RecordLife::State::gone || history.records.size() >= limits.records) continue;
    history.records.insert_or_assign({each.server, each.record}, RecordTimes{each.first_seen, each.last_matched});
  }
  return history;
}

}  // namespace danewatch

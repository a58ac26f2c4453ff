#include "probe/history.hpp"

#include <algorithm>

namespace danewatch {
namespace {

bool is_good(const HistoryEntry& entry) {
  return entry.severity == Severity::ok || entry.severity == Severity::info;
}

// Good runs go first when they are older than the recent ones, then the oldest failures.
void forget(std::vector<HistoryEntry>& entries, const HistoryLimits& limits) {
  if (entries.size() <= limits.recent) return;
  const auto recent = entries.end() - static_cast<std::ptrdiff_t>(limits.recent);
  const auto kept = std::remove_if(entries.begin(), recent, is_good);
  const auto older = static_cast<std::size_t>(kept - entries.begin());
  entries.erase(kept, recent);
  if (older > limits.failures) {
    entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(older - limits.failures));
  }
}

}  // namespace

bool is_success(Severity severity) {
  return severity == Severity::ok || severity == Severity::info || severity == Severity::warning;
}

HistoryEntry history_entry(const Report& report) {
  HistoryEntry entry;
  entry.at = report.at;
  entry.conclusion = report.judgement.conclusion;
  entry.severity = report.judgement.severity;
  entry.impact = report.judgement.impact;
  entry.duration = report.duration;
  const auto& findings = report.judgement.findings;  // worst first
  if (!findings.empty() && worse(findings.front().severity, Severity::info) != Severity::info) {
    entry.worst_finding = findings.front().code;
  }
  return entry;
}

void record(History& history, std::shared_ptr<const Report> report, const HistoryLimits& limits) {
  const HistoryEntry entry = history_entry(*report);
  const bool same = !history.entries.empty() && history.entries.back().conclusion == entry.conclusion &&
                    history.entries.back().severity == entry.severity;
  if (!same) history.since = entry.at;
  if (is_success(entry.severity)) history.last_success = entry.at;
  history.entries.push_back(entry);
  forget(history.entries, limits);
  history.latest = std::move(report);
}

}  // namespace danewatch

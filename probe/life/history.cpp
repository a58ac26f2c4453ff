#include "probe/life/history.hpp"

#include <algorithm>

#include "probe/life/sight.hpp"

namespace danewatch {
namespace {

// Good runs go first when they are older than the recent ones, then the oldest failures.
void forget(std::vector<HistoryEntry>& entries, const HistoryLimits& limits) {
  if (entries.size() <= limits.recent) return;
  const auto recent = entries.end() - static_cast<std::ptrdiff_t>(limits.recent);
  const auto kept =
      std::remove_if(entries.begin(), recent, [](const HistoryEntry& entry) { return is_good(entry.severity); });
  const auto older = static_cast<std::size_t>(kept - entries.begin());
  entries.erase(kept, recent);
  if (older > limits.failures) {
    entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(older - limits.failures));
  }
}

// Otherwise nobody could say which records there are.
bool are_records_known(const HostEvidence& host) {
  return host.located == Located::dane || host.located == Located::no_tlsa;
}

bool is_matched(const HostReport& host, const RecordReport& record) {
  return std::ranges::any_of(host.endpoints,
                             [&](const EndpointReport& endpoint) { return cell_of(endpoint, record) == Cell::match; });
}

// A record that is gone is forgotten; one that could not be asked for is not gone.
void forget_records(RecordHistory& records, const Report& report) {
  std::erase_if(records, [&](const auto& entry) {
    const auto& [host, text] = entry.first;
    const auto found =
        std::ranges::find(report.hosts, host, [](const HostReport& each) { return server_name(each.dns); });
    if (found == report.hosts.end()) return report.walk.located == Located::dane;
    if (!are_records_known(found->dns)) return false;
    return std::ranges::none_of(
        found->records, [&](const RecordReport& each) { return record_key(found->dns, each.record).second == text; });
  });
}

void note_records(RecordHistory& records, const Report& report, std::size_t most) {
  forget_records(records, report);
  for (const HostReport& host : report.hosts) {
    for (const RecordReport& each : host.records) {
      auto key = record_key(host.dns, each.record);
      if (each.record.truncated || (records.size() >= most && !records.contains(key))) continue;
      RecordTimes& times = records.try_emplace(std::move(key), RecordTimes{report.at, std::nullopt}).first->second;
      if (is_matched(host, each)) times.last_matched = report.at;
    }
  }
}

}  // namespace

RecordHistory::key_type record_key(const HostEvidence& host, const TlsaRecord& record) {
  return {server_name(host), record_name(record)};
}

bool is_success(Severity severity) {
  return is_good(severity) || severity == Severity::warning;
}

HistoryEntry history_entry(const Report& report) {
  HistoryEntry entry;
  entry.at = report.at;
  entry.conclusion = report.conclusion;
  entry.severity = report.severity;
  entry.impact = report.impact;
  entry.duration = report.run.duration;
  if (const Finding* worst = worst_finding(report)) entry.worst_finding = worst->code;
  return entry;
}

void record(History& history, std::shared_ptr<const Report> report, const HistoryLimits& limits) {
  const HistoryEntry entry = history_entry(*report);
  const bool same = !history.entries.empty() && history.entries.back().conclusion == entry.conclusion &&
                    history.entries.back().severity == entry.severity;
  if (!same) history.since = entry.at;
  if (is_success(entry.severity)) history.last_success = entry.at;
  history.entries.push_back(entry);
  note_records(history.records, *report, limits.records);
  forget(history.entries, limits);
  history.latest = std::move(report);
}

}  // namespace danewatch

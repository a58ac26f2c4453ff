// What is remembered of a target: its latest report, since when it is so, and how its recent runs ended.
//
// Bounded however long danewatch runs; runs that were not ok stay longer than good ones, because they are what people
// come to look for. Never decides a verdict. Thread rule: values and pure functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// One finished run.
struct HistoryEntry {
  SysTime at{};
  Conclusion conclusion;
  Severity severity = Severity::unknown;
  std::optional<Impact> impact;
  std::string_view worst_finding;  // its code, a row of finding_table(); empty: none above info
  std::chrono::milliseconds duration{0};

  bool operator==(const HistoryEntry&) const = default;
};

// A TLSA record of a host, over the runs of this process.
struct RecordTimes {
  SysTime first_seen{};
  std::optional<SysTime> last_matched;  // by a certificate that any address showed

  bool operator==(const RecordTimes&) const = default;
};
// By host and port, and the record.
using RecordHistory = std::map<std::pair<std::string, std::string>, RecordTimes>;
RecordHistory::key_type record_key(const HostEvidence& host, const TlsaRecord& record);

struct HistoryLimits {
  std::size_t recent = 60;    // the last runs, whatever they said
  std::size_t failures = 60;  // before those, runs that were not ok
  std::size_t records = 256;
};

struct History {
  std::shared_ptr<const Report> latest;  // null before the first run has ended
  std::vector<HistoryEntry> entries;     // oldest first
  std::optional<SysTime> since;  // when the latest verdict, reason and severity began; known from the first run on
  std::optional<SysTime> last_success;  // of a run whose severity was ok or warning
  RecordHistory records;                // of the last run, or of the last that could ask for them
};

HistoryEntry history_entry(const Report& report);

// Severity ok or warning: what blackbox_exporter calls a success.
bool is_success(Severity severity);

void record(History& history, std::shared_ptr<const Report> report, const HistoryLimits& limits = {});

}  // namespace danewatch

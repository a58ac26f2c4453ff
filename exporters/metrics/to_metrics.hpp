// A report as metric families.
//
// Pure. `summary` is at most 24 series, 2 per host and 3 per record, `full` at most 70, 30 per host and 3 per record;
// what does not fit (never in a summary), or is beyond max_hosts and max_records, is left out and
// `dane_results_truncated` is 1. What is unknown is absent.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "exporters/metrics/metric_family.hpp"
#include "probe/life/history.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

enum class Detail { summary, full };

struct MetricOptions {
  Detail detail = Detail::full;
  bool per_address = false;  // dane_endpoint_verdict, beyond the budget
  std::size_t max_hosts = 16;
  std::size_t max_records = 16;                      // per host
  std::optional<std::chrono::milliseconds> timeout;  // that the run was given
  bool scheduled = false;                            // tell when the values are from
  std::optional<SysTime> last_success;
  const RecordHistory* records = nullptr;  // what is known of them from earlier runs; null: nothing
};

// Every family a report can have, in the order in which they are written.
std::span<const MetricRow> report_metrics();

// In the order of report_metrics(), without empty ones.
std::vector<Family> to_metrics(const Report& report, const MetricOptions& options);

}  // namespace danewatch

// Pure: what is known of one scheduled target.
//
// Immutable once it is handed out: nobody waits for a probe to read it. Thread rule: values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "exporters/board/view.hpp"
#include "exporters/metrics/to_metrics.hpp"
#include "probe/life/history.hpp"

namespace danewatch {

struct BoardEntry {
  std::string name;
  Target target;
  std::string module;
  Labels labels;  // the operator's
  std::chrono::milliseconds interval{0};
  MetricOptions metrics;
  History history;
  // Samples of a family, by its place in report_metrics(), in that order.
  std::vector<std::pair<std::uint8_t, std::string>> rendered;
};

}  // namespace danewatch

// What is known of every scheduled target: written by the probes' thread, read by the HTTP server's.
//
// A reader gets an immutable snapshot and never waits for a probe. Metrics are rendered once, when a report comes.
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
using BoardEntryPtr = std::shared_ptr<const BoardEntry>;
using BoardView = std::vector<BoardEntryPtr>;  // in the order of the configuration

class Board {
 public:
  explicit Board(HistoryLimits limits = {}) : limits_(limits) {}

  // The configured targets. What is known of a name is kept while it means the same target and module.
  void configure(std::vector<BoardEntry> entries);

  // Of a target that is not configured any more: nothing happens.
  void publish(std::string_view name, Report report);
  void publish(std::string_view name, std::shared_ptr<const Report> report);

  // What was known before a restart, beside what has been seen since.
  void restore(std::string_view name, const History& before);

  BoardView view() const;
  BoardEntryPtr find(std::string_view name) const;  // null: no such target

 private:
  void put(std::string_view name, std::shared_ptr<const BoardEntry> entry);

  HistoryLimits limits_;
  mutable std::mutex mutex_;
  BoardView entries_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace danewatch

// What is known of every scheduled target: written by the probes' thread, read by the HTTP server's.
//
// A reader gets an immutable snapshot and never waits for a probe. Metrics are rendered once, when a report comes.
// Thread rule: any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/board/entry.hpp"

namespace danewatch {

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

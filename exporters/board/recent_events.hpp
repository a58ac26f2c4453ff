// The latest events that are on the disk: written by whoever keeps them, read by the HTTP server.
//
// Bounded; the oldest go first. Thread rule: any thread.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "probe/life/archive.hpp"

namespace danewatch {

class RecentEvents {
 public:
  static constexpr std::size_t most = 10000;

  void set(const std::vector<KeptEvent>& events);  // oldest first
  void add(const std::string& target, const std::vector<Event>& events);

  // At or after that time, of one target or of all; oldest first.
  std::vector<KeptEvent> find(SysTime since, const std::optional<std::string>& target = std::nullopt) const;

 private:
  mutable std::mutex mutex_;
  std::deque<KeptEvent> events_;
};

}  // namespace danewatch

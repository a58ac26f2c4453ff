// Pure: whether the service manager may hear that `serve` is alive.
//
// Never looks at a clock or a thread itself. Thread rule: one owner.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace danewatch {

class Heartbeat {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Signs {
    std::uint64_t http_turns = 0;  // how often the HTTP thread's loop has turned
    std::uint64_t runs_ended = 0;
    std::size_t in_flight = 0;
  };

  explicit Heartbeat(Time now) : progress_(now) {}

  // Asked at regular times: the HTTP thread has turned since the last question, and if runs are in flight one has ended
  // in the time the longest can take.
  bool is_alive(const Signs& signs, Time now);

 private:
  std::uint64_t http_turns_ = 0;
  std::uint64_t runs_ended_ = 0;
  Time progress_;
};

}  // namespace danewatch

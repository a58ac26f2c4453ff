// The system's clocks: the one place that reads them for a run.
//
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <optional>

#include "resolver/clock.hpp"

namespace danewatch {

class SystemClock final : public Clock {
 public:
  // `at` (--at) takes the place of the world's time; it never moves deadlines.
  explicit SystemClock(std::optional<SysTime> at = std::nullopt) : at_(at) {}

  SysTime now() const override {
    return at_.value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }
  std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }

 private:
  std::optional<SysTime> at_;
};

}  // namespace danewatch

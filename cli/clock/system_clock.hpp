// The system's clocks: the one Clock that is real.
//
// Never moves a deadline, whatever --at says. Thread rule: any thread.
#pragma once

#include <chrono>
#include <optional>

#include "resolver/clock.hpp"

namespace danewatch {

class SystemClock final : public Clock {
 public:
  // `at` (--at) takes the place of the world's time.
  explicit SystemClock(std::optional<SysTime> at = std::nullopt) : at_(at) {}

  SysTime now() const override {
    return at_.value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }
  std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }

  // The world's time to the last digit, whatever --at says: what files and turns are dated by.
  static std::chrono::system_clock::duration since_epoch() {
    return std::chrono::system_clock::now().time_since_epoch();
  }

 private:
  std::optional<SysTime> at_;
};

}  // namespace danewatch

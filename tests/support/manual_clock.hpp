// A clock that moves when told, and when somebody waits.
//
// Thread rule: one thread.
#pragma once

#include <algorithm>
#include <vector>

#include "probe/run/probe.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch::test {

struct ManualClock final : Clock {
  SysTime now() const override { return time; }
  std::chrono::steady_clock::time_point steady() const override { return steady_time; }

  boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point when) const override {
    pauses.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(when - steady_time));
    steady_time = std::max(steady_time, when);
    co_return;
  }

  SysTime time = noon();
  mutable std::chrono::steady_clock::time_point steady_time = std::chrono::steady_clock::now();
  mutable std::vector<std::chrono::milliseconds> pauses;  // that were waited for
};

}  // namespace danewatch::test

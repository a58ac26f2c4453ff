// A clock that moves when told.
//
// Thread rule: one thread.
#pragma once

#include "probe/probe.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch::test {

struct ManualClock final : Clock {
  SysTime now() const override { return time; }
  std::chrono::steady_clock::time_point steady() const override { return steady_time; }

  SysTime time = noon();
  std::chrono::steady_clock::time_point steady_time = std::chrono::steady_clock::now();
};

}  // namespace danewatch::test

#include "resolver/dns/time.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

using namespace std::chrono_literals;
using namespace std::chrono;

TEST(Time, IsToldForMachinesAndForPeople) {
  const SysTime time = sys_days{2026y / January / 31} + 12h + 5min + 9s;
  EXPECT_EQ(format_time(time), "2026-01-31T12:05:09Z");
  EXPECT_EQ(date_of(time), "2026-01-31");
  EXPECT_EQ(moment_of(time), "2026-01-31 12:05 UTC");
}

// Certificates may say anything.
TEST(Time, YearsThatHaveNoFourDigitsAreShownAsTheNearestThatHave) {
  EXPECT_EQ(format_time(sys_days{12000y / March / 1}), "9999-12-31T23:59:59Z");
  EXPECT_EQ(date_of(sys_days{year{-3} / March / 1}), "0000-01-01");
  EXPECT_EQ(moment_of(SysTime::max()), "9999-12-31 23:59 UTC");
}

}  // namespace
}  // namespace danewatch

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

TEST(Time, ASpanIsToldInOneUnitRoundedDown) {
  EXPECT_EQ(span_of(72h), "3 days");
  EXPECT_EQ(span_of(48h), "2 days");
  EXPECT_EQ(span_of(48h - 1s), "47 hours");
  EXPECT_EQ(span_of(119min + 59s), "119 minutes");
  EXPECT_EQ(span_of(1min), "1 minute");
  EXPECT_EQ(span_of(59s), "0 minutes");
  EXPECT_EQ(span_of(-5h), "0 minutes") << "what is over takes no time";
}

TEST(Time, ASpanIsToldAsFinelyAsItsPlaceWants) {
  const SpanForm ago{.from = 1, .finest = 1s};
  EXPECT_EQ(span_of(24h, ago), "1 day");
  EXPECT_EQ(span_of(61min, ago), "1 hour");
  EXPECT_EQ(span_of(59s, ago), "59 s");
  const SpanForm validity{.finest = 1h};
  EXPECT_EQ(span_of(47h, validity), "47 hours");
  EXPECT_EQ(span_of(90min, validity), "1 hour");
  EXPECT_EQ(span_of(59min, validity), "0 hours");
}

}  // namespace
}  // namespace danewatch

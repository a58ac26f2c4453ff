#include "cli/serve/deadline.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

using namespace std::chrono_literals;

TEST(ProbeTime, IsHalfASecondLessThanTheScraperWaits) {
  EXPECT_EQ(probe_time("10", 30s), 9500ms);
  EXPECT_EQ(probe_time("10.000000", 30s), 9500ms);
}

TEST(ProbeTime, IsAtLeastHalfOfIt) {
  EXPECT_EQ(probe_time("0.8", 30s), 400ms);
  EXPECT_EQ(probe_time("1", 30s), 500ms);
}

TEST(ProbeTime, IsNeverMoreThanTheModuleAllows) {
  EXPECT_EQ(probe_time("60", 5s), 5s);
}

TEST(ProbeTime, AHeaderThatMakesNoSenseCountsAsAbsent) {
  for (const auto* header : {"", "soon", "-3", "0", "nan", "inf", "10s", "1e400", " 5"}) {
    EXPECT_EQ(probe_time(header, 7s), 7s) << header;
  }
}

TEST(ProbeTime, IsNeverNothing) {
  EXPECT_GT(probe_time("0.0001", 7s), 0ms);
}

}  // namespace
}  // namespace danewatch

// A machine that is late knows it, takes on less, and comes back later.
#include <gtest/gtest.h>

#include "probe/survey/lateness.hpp"
#include "probe/survey/pace.hpp"

namespace danewatch::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class LatenessTest : public testing::Test {
 protected:
  static Lateness::Moment at(milliseconds time) { return Lateness::Moment(seconds(1000)) + time; }

  void beat(milliseconds due, milliseconds came) {
    lateness.expect(at(due));
    lateness.beat(at(came));
  }

  Lateness lateness;
};

TEST_F(LatenessTest, WhoIsInTimeIsNotLate) {
  for (int i = 0; i < 100; ++i) beat(milliseconds(i * 100), milliseconds(i * 100 + 90));
  EXPECT_FALSE(lateness.late_between(at(milliseconds(0)), at(seconds(10))));
}

TEST_F(LatenessTest, AStallCountsForWhatWasUnderWayAndShortlyAfter) {
  beat(milliseconds(1000), milliseconds(1500));
  EXPECT_TRUE(lateness.late_between(at(milliseconds(900)), at(milliseconds(1600))));
  EXPECT_TRUE(lateness.late_between(at(milliseconds(1400)), at(milliseconds(1600))));
  EXPECT_TRUE(lateness.late_between(at(milliseconds(3000)), at(milliseconds(3100))));
  EXPECT_FALSE(lateness.late_between(at(milliseconds(500)), at(milliseconds(900))));
  EXPECT_FALSE(lateness.late_between(at(milliseconds(3600)), at(milliseconds(3700))));
}

TEST_F(LatenessTest, ABeatThatIsDueAndHasNotComeIsLate) {
  lateness.expect(at(milliseconds(100)));
  EXPECT_FALSE(lateness.late_between(at(milliseconds(0)), at(milliseconds(250))));
  EXPECT_TRUE(lateness.late_between(at(milliseconds(0)), at(milliseconds(350))));
  EXPECT_FALSE(lateness.is_calm(at(milliseconds(350))));
}

TEST_F(LatenessTest, OfVeryManyStallsNoneIsForgotten) {
  for (int i = 0; i < 1000; ++i) beat(seconds(10 * i), seconds(10 * i) + milliseconds(300));
  EXPECT_TRUE(lateness.late_between(at(seconds(0)), at(seconds(1))));
  EXPECT_TRUE(lateness.late_between(at(seconds(9990)), at(seconds(9991))));
  EXPECT_FALSE(lateness.late_between(at(seconds(9985)), at(seconds(9986))));
}

TEST_F(LatenessTest, TheWorstIsToldOnce) {
  beat(milliseconds(100), milliseconds(150));
  beat(milliseconds(200), milliseconds(320));
  EXPECT_EQ(lateness.take_worst(at(milliseconds(320))), milliseconds(120));
  EXPECT_EQ(lateness.take_worst(at(milliseconds(320))), milliseconds(0));
  lateness.expect(at(milliseconds(400)));
  EXPECT_EQ(lateness.take_worst(at(milliseconds(1000))), milliseconds(600));
}

PaceFacts all_used(Pace pace, milliseconds lag = milliseconds(0)) {
  return {lag, pace.names, 256};
}

TEST(SurveyPace, ItBeginsSmallAndDoublesWhileAllGoesWell) {
  Pace pace = first_pace(256);
  EXPECT_EQ(pace.names, 16U);
  for (const std::size_t names : {32U, 64U, 128U, 256U, 256U}) {
    pace = next_pace(pace, all_used(pace));
    EXPECT_EQ(pace.names, names);
  }
  EXPECT_EQ(first_pace(3).names, 3U);
}

TEST(SurveyPace, LatenessHalvesItDownToOne) {
  Pace pace{256, true};
  for (const std::size_t names : {128U, 64U, 32U, 16U, 8U, 4U, 2U, 1U, 1U}) {
    pace = next_pace(pace, all_used(pace, milliseconds(150)));
    EXPECT_EQ(pace.names, names);
    EXPECT_FALSE(pace.doubling);
  }
}

TEST(SurveyPace, AfterALatenessItGrowsSlowly) {
  Pace pace{64, false};
  pace = next_pace(pace, all_used(pace));
  EXPECT_EQ(pace.names, 72U);
  pace = next_pace({1, false}, all_used({1, false}));
  EXPECT_EQ(pace.names, 2U);
}

TEST(SurveyPace, WhatIsNotUsedOrOnTheEdgeDoesNotGrow) {
  EXPECT_EQ(next_pace({64, true}, {milliseconds(0), 10, 256}).names, 64U);
  EXPECT_EQ(next_pace({64, true}, {milliseconds(60), 64, 256}).names, 64U);
}

TEST(SurveyPace, ABadMomentIsWaitedOutButNotForEver) {
  EXPECT_FALSE(may_try_again(seconds(1), 1, true));
  EXPECT_TRUE(may_try_again(seconds(2), 1, true));
  EXPECT_FALSE(may_try_again(seconds(2), 1, false));
  EXPECT_TRUE(may_try_again(seconds(16), 1, false));
  EXPECT_FALSE(may_try_again(seconds(7), 2, true));
  EXPECT_TRUE(may_try_again(seconds(32), 3, true));
}

}  // namespace
}  // namespace danewatch::test

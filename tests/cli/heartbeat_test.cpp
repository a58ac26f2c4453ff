#include "cli/serve/heartbeat.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

using namespace std::chrono_literals;

constexpr Heartbeat::Time begin{};

TEST(Heartbeat, NothingToDoIsNoStandstill) {
  Heartbeat heart(begin);
  for (unsigned turn = 1; turn < 100; ++turn) EXPECT_TRUE(heart.is_alive({turn, 0, 0}, begin + turn * 1min)) << turn;
}

TEST(Heartbeat, TheHttpThreadHasToTurn) {
  Heartbeat heart(begin);
  EXPECT_TRUE(heart.is_alive({1, 0, 0}, begin + 1s));
  EXPECT_FALSE(heart.is_alive({1, 0, 0}, begin + 2s));
  EXPECT_TRUE(heart.is_alive({2, 0, 0}, begin + 3s));
}

TEST(Heartbeat, RunsHaveToEnd) {
  Heartbeat heart(begin);
  EXPECT_TRUE(heart.is_alive({1, 7, 3}, begin + 1min)) << "one has ended";
  EXPECT_TRUE(heart.is_alive({2, 7, 3}, begin + 12min)) << "the longest run takes that long";
  EXPECT_FALSE(heart.is_alive({3, 7, 3}, begin + 13min));
  EXPECT_TRUE(heart.is_alive({4, 8, 3}, begin + 14min)) << "one more has ended";
}

}  // namespace
}  // namespace danewatch

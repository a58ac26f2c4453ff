// Silence says something about others only where nothing is to be said about us.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "probe/run/self_watch.hpp"
#include "tests/support/manual_clock.hpp"

namespace danewatch::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Each wait lasts longer than it should.
struct LateClock final : Clock {
  SysTime now() const override { return noon(); }
  std::chrono::steady_clock::time_point steady() const override { return time; }
  boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point when) const override {
    time = std::max(time, when) + late_by;
    if (++waits == most_waits) at_last();
    co_return;
  }

  milliseconds late_by{0};
  int most_waits = 0;
  std::function<void()> at_last;
  mutable int waits = 0;
  mutable std::chrono::steady_clock::time_point time = std::chrono::steady_clock::now();
};

class SelfWatchTest : public testing::Test {
 protected:
  SelfWatchTest() {
    senses.canary = [this] { return canary(); };
    senses.begin_anew = [this] { ++renewals; };
  }

  boost::asio::awaitable<bool> canary() {
    ++asked;
    clock.time += milliseconds(20);
    co_return answers;
  }

  boost::asio::awaitable<void> slow_pulse() {
    clock.time += milliseconds(400);
    co_return;
  }

  SelfWatch& watch() {
    if (!watch_) watch_ = std::make_unique<SelfWatch>(io.get_executor(), clock, senses);
    return *watch_;
  }

  template <class T>
  T result(boost::asio::awaitable<T> what) {
    T value{};
    boost::asio::co_spawn(io, std::move(what), [&](const std::exception_ptr& error, T came) {
      if (error) std::rethrow_exception(error);
      value = came;
    });
    io.restart();
    io.run();
    return value;
  }

  void feel_the_pulse(int beats) {
    clock.most_waits = clock.waits + beats;
    clock.at_last = [this] { watch().stop(); };
    boost::asio::co_spawn(io, watch().feel_the_pulse(), boost::asio::detached);
    io.restart();
    io.run();
  }

  boost::asio::io_context io;
  LateClock clock;
  SelfSenses senses;
  bool answers = true;
  int asked = 0;
  int renewals = 0;

 private:
  std::unique_ptr<SelfWatch> watch_;
};

TEST_F(SelfWatchTest, ALoopThatIsLateIsNoticed) {
  const auto begun = clock.time;
  clock.late_by = milliseconds(300);
  feel_the_pulse(3);
  EXPECT_GE(watch().take_worst_lag(), milliseconds(300));
  EXPECT_EQ(result(watch().doubt(begun)), Ours::too_slow);
}

TEST_F(SelfWatchTest, ALoopThatIsInTimeIsNotDoubted) {
  const auto begun = clock.time;
  clock.late_by = milliseconds(5);
  feel_the_pulse(10);
  watch().heard();
  EXPECT_EQ(result(watch().doubt(begun)), Ours::none);
  EXPECT_EQ(asked, 0);
}

TEST_F(SelfWatchTest, AResolverThatIsLateIsNoticedThoughTheLoopIsNot) {
  senses.pulse = [this] { return slow_pulse(); };
  const auto begun = clock.time;
  feel_the_pulse(3);
  watch().heard();
  EXPECT_EQ(result(watch().doubt(begun)), Ours::too_slow);
}

TEST_F(SelfWatchTest, WhereOthersWereHeardMeanwhileSilenceIsTheirs) {
  watch();
  const auto begun = clock.time;
  for (int i = 0; i < 5; ++i) {
    clock.time += seconds(1);
    watch().heard();
  }
  EXPECT_EQ(result(watch().doubt(begun)), Ours::none);
  EXPECT_EQ(asked, 0);
}

TEST_F(SelfWatchTest, ALongSilenceInTheMidstOfAWaitIsDoubted) {
  watch();
  const auto begun = clock.time;
  watch().heard();
  clock.time += seconds(6);
  watch().heard();
  EXPECT_EQ(result(watch().doubt(begun)), Ours::no_network);
}

TEST_F(SelfWatchTest, WhereNobodyIsHeardTheNetworkIsAway) {
  watch();
  answers = false;
  clock.time += seconds(1);
  const auto begun = clock.time;
  clock.time += milliseconds(1);  // no route: the answer comes at once
  EXPECT_EQ(result(watch().doubt(begun)), Ours::no_network);
  EXPECT_FALSE(watch().network_is_there());
  EXPECT_EQ(watch().doubted_since(begun), Ours::no_network);
}

TEST_F(SelfWatchTest, OneWhoAnswersNowDoesNotSayThatHeWouldHaveThen) {
  watch();
  clock.time += seconds(1);
  const auto begun = clock.time;
  clock.time += seconds(5);
  EXPECT_EQ(result(watch().doubt(begun)), Ours::no_network);
  EXPECT_TRUE(watch().network_is_there());
}

TEST_F(SelfWatchTest, ASilentServerAloneInTheWorldIsTold) {
  watch();
  clock.time += seconds(1);
  const auto begun = clock.time;
  clock.time += seconds(1);
  EXPECT_EQ(result(watch().doubt(begun)), Ours::none);
  EXPECT_EQ(asked, 1);
}

TEST_F(SelfWatchTest, WhoeverIsHeardBringsTheNetworkBack) {
  watch();
  answers = false;
  clock.time += seconds(1);
  static_cast<void>(result(watch().doubt(clock.time)));
  watch().heard();
  EXPECT_TRUE(watch().network_is_there());
}

TEST_F(SelfWatchTest, WhatWasLearnedInABadMomentIsForgottenOnceAndDoubtedUntilThen) {
  const auto begun = clock.time;
  watch().lateness().expect(clock.time);
  clock.time += seconds(1);
  watch().lateness().beat(clock.time);
  watch().heard();
  EXPECT_EQ(result(watch().doubt(begun)), Ours::too_slow);
  watch().recover();
  EXPECT_EQ(renewals, 0) << "it is not over";
  clock.time += seconds(2);
  watch().heard();
  clock.time += seconds(1);
  watch().heard();
  const auto before = clock.time;
  EXPECT_EQ(result(watch().doubt(before)), Ours::too_slow) << "a cache may say so";
  clock.time += milliseconds(1);
  watch().recover();
  watch().recover();
  EXPECT_EQ(renewals, 1);
  EXPECT_EQ(result(watch().doubt(before)), Ours::too_slow) << "it was asked before";
  watch().recover();
  EXPECT_EQ(renewals, 1);
  const auto after = clock.time;
  watch().heard();
  EXPECT_EQ(result(watch().doubt(after)), Ours::none);
}

}  // namespace
}  // namespace danewatch::test

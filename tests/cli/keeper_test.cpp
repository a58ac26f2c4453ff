// What keeps the memory of `serve`: nothing good is lost where a disk fails or a clock jumps.
#include "cli/serve/keeper.hpp"

#include <gtest/gtest.h>

#include <future>

#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::days;
using std::chrono::hours;

// What a test and the keeper's thread share.
struct Disk {
  std::mutex mutex;
  std::condition_variable changed;
  bool full = false;
  std::size_t attempts = 0;
  std::vector<Archive::Changes> kept;
  std::vector<SysTime> forgotten;
};

class DiskArchive final : public Archive {
 public:
  explicit DiskArchive(Disk& disk) : disk_(disk) {}

  void keep(const Changes& changes) override {
    const std::lock_guard lock(disk_.mutex);
    ++disk_.attempts;
    disk_.changed.notify_all();
    if (disk_.full) throw ArchiveError("the disk is full");
    disk_.kept.push_back(changes);
  }
  std::optional<Life> load(const std::string&) override { return std::nullopt; }
  std::vector<std::string> targets() override { return {}; }
  std::vector<KeptEvent> events(const EventQuery&) override { return {}; }
  void forget(SysTime before) override {
    const std::lock_guard lock(disk_.mutex);
    disk_.forgotten.push_back(before);
  }

 private:
  Disk& disk_;
};

// Two clocks that go as they are told.
struct TwoClocks final : Clock {
  SysTime now() const override { return SysTime(std::chrono::seconds(wall)); }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(passed));
  }
  boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point) const override { co_return; }

  void pass(std::chrono::seconds time) {
    wall += time.count();
    passed += time.count();
  }

  std::atomic<long long> wall{test::noon().time_since_epoch().count()};
  std::atomic<long long> passed{1'000'000};
};

class KeeperTest : public testing::Test {
 protected:
  KeeperTest() { world.at = test::noon(); }

  Keeper::Hooks hooks() {
    Keeper::Hooks result;
    result.open = [this] { return std::make_unique<DiskArchive>(disk); };
    result.found = [](const Keeper::Found&) {};
    result.say = [this](const std::string& line) {
      const std::lock_guard lock(disk.mutex);
      said.push_back(line);
    };
    result.opened = [](const std::vector<KeptEvent>&) {};
    result.kept = [](const std::string&, const std::vector<Event>&) {};
    return result;
  }

  Change look() { return add(life, world.report()); }

  void wait_for_attempts(std::size_t count) {
    std::unique_lock lock(disk.mutex);
    ASSERT_TRUE(disk.changed.wait_for(lock, std::chrono::minutes(1), [&] { return disk.attempts >= count; }));
  }

  // When the second one is tried, all that follows the first one is over.
  void keep_and_wait(Keeper& keeper) {
    for (int i = 0; i < 2; ++i) {
      const std::size_t before = [this] {
        const std::lock_guard lock(disk.mutex);
        return disk.attempts;
      }();
      keeper.keep("example.org", look());
      wait_for_attempts(before + 1);
    }
  }

  Disk disk;
  TwoClocks clock;
  test::LifeWorld world;
  Life life;
  std::vector<std::string> said;
};

TEST_F(KeeperTest, WhatADiskDidNotTakeIsKeptWithWhatCameAfterIt) {
  disk.full = true;
  {
    Keeper keeper(hooks(), days(400), clock);
    keeper.keep("example.org", look());
    wait_for_attempts(1);
    world.all_show('b');
    world.at += hours(1);
    keeper.keep("example.org", look());
    const std::lock_guard lock(disk.mutex);
    disk.full = false;
  }
  ASSERT_FALSE(disk.kept.empty());
  Change all;
  for (const auto& changes : disk.kept) {
    for (const auto& [target, change] : changes) all = joined(std::move(all), change);
  }
  EXPECT_EQ(all.head, life.head);
  ASSERT_EQ(all.events.size(), 1U);
  EXPECT_EQ(all.events[0].code, EventCode::key_changed);
}

TEST_F(KeeperTest, AFullDiskIsSaidOnceAndSoIsItsEnd) {
  disk.full = true;
  {
    Keeper keeper(hooks(), days(400), clock);
    keeper.keep("example.org", look());
    wait_for_attempts(2);
    EXPECT_GE(keeper.errors(), 1U);
    const std::lock_guard lock(disk.mutex);
    disk.full = false;
  }
  EXPECT_EQ(said, (std::vector<std::string>{"the history is not kept, all else goes on: the disk is full",
                                            "the history is kept again"}));
}

TEST_F(KeeperTest, WhatIsOldIsForgottenHourByHour) {
  Keeper keeper(hooks(), days(400), clock);
  keep_and_wait(keeper);
  EXPECT_TRUE(disk.forgotten.empty()) << "the file may be another clock's";
  clock.pass(hours(2));
  keep_and_wait(keeper);
  clock.pass(std::chrono::minutes(1));
  keep_and_wait(keeper);
  EXPECT_EQ(disk.forgotten, (std::vector<SysTime>{clock.now() - std::chrono::minutes(1) - days(400)}));
}

TEST_F(KeeperTest, AClockThatJumpsTenYearsAheadMakesNothingForgotten) {
  Keeper keeper(hooks(), days(400), clock);
  keep_and_wait(keeper);
  clock.wall += std::chrono::seconds(days(3653)).count();
  for (int hour = 0; hour < 23; ++hour) {
    clock.pass(hours(1));
    keep_and_wait(keeper);
  }
  EXPECT_TRUE(disk.forgotten.empty());
  clock.wall -= std::chrono::seconds(days(3653)).count();
  clock.pass(hours(1));
  keep_and_wait(keeper);
  EXPECT_TRUE(disk.forgotten.empty());
}

TEST_F(KeeperTest, AClockThatGoesBackADayStopsNothing) {
  Keeper keeper(hooks(), days(400), clock);
  keep_and_wait(keeper);
  clock.wall -= std::chrono::seconds(days(1)).count();
  clock.pass(hours(2));
  keep_and_wait(keeper);
  EXPECT_EQ(keeper.errors(), 0U);
  EXPECT_EQ(disk.forgotten, (std::vector<SysTime>{clock.now() - days(400)}));
}

}  // namespace
}  // namespace danewatch

// What memory takes on the disk.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "probe/life/runs.hpp"
#include "store/sqlite/sqlite_archive.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;

constexpr int targets = 30, looks = 200;

class Sizes : public testing::Test {
 protected:
  Sizes() {
    std::string name = (fs::temp_directory_path() / "danewatch-sizes-XXXXXX").string();
    folder = mkdtemp(name.data());
    world.at = test::noon();
  }
  ~Sizes() override { fs::remove_all(folder); }

  // Looks at every target again and again, as `serve` does, and says how large the file is then.
  template <class Between>
  std::size_t file_size_after(Between between) {
    {
      SqliteArchive archive((folder / "history.db").string(), ArchiveFile::create);
      std::vector<std::pair<Life, History>> known(targets);
      for (int i = 0; i < looks; ++i) {
        world.at += std::chrono::minutes(5);
        between(i);
        archive.keep(look_at_all(known));
      }
    }
    return fs::file_size(folder / "history.db") - empty_file_size();
  }

  std::size_t empty_file_size() const {
    const fs::path path = folder / "empty.db";
    { const SqliteArchive archive(path.string(), ArchiveFile::create); }
    return fs::file_size(path);
  }

  Archive::Changes look_at_all(std::vector<std::pair<Life, History>>& known) {
    const auto report = std::make_shared<const Report>(world.report());
    Archive::Changes changes;
    for (int target = 0; target < targets; ++target) {
      auto& [life, history] = known[static_cast<std::size_t>(target)];
      record(history, report);
      Change change = add(life, *report);
      change.head.runs = packed(history.entries);
      for (const Event& each : change.events) octets_of_events += octets_of(each);
      changes.emplace_back("target" + std::to_string(target) + ".example", std::move(change));
    }
    return changes;
  }

  static std::size_t octets_of(const Event& event) {
    constexpr std::size_t times = 3 * sizeof(std::int64_t);
    return to_string(event.code).size() + event.place.size() + event.was.size() + event.now.size() +
           event.at_addresses.size() + times;
  }

  fs::path folder;
  test::LifeWorld world;
  std::size_t octets_of_events = 0;
};

TEST_F(Sizes, LooksThatSeeNothingNewCostNothing) {
  world.records = "ab";
  const std::size_t octets = file_size_after([](int) {}) / targets;
  EXPECT_LE(octets, 2048 + 400 * world.records.size());
}

// The next record, the next key, the old record gone: what is kept are the events, and what they end and begin.
TEST_F(Sizes, RolloversCostWhatTheirEventsNeed) {
  world.records = "(";
  world.all_show(world.records[0]);
  const std::size_t octets = file_size_after([this](int i) {
    const char now = static_cast<char>('(' + i / 3), next = static_cast<char>(now + 1);
    if (i % 3 == 0) world.records = {now, next};
    if (i % 3 == 1) world.all_show(next);
    if (i % 3 == 2) world.records = {next};
  });
  EXPECT_GT(octets_of_events, 1000U * targets);
  EXPECT_LE(octets, octets_of_events * 3 / 2) << octets_of_events;
}

}  // namespace
}  // namespace danewatch

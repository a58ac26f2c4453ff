// `--state`, `history` and `changes` from outside, without a network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "store/sqlite/sqlite_archive.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class StateTest : public testing::Test {
 protected:
  StateTest() {
    std::string name = (fs::temp_directory_path() / "danewatch-state-XXXXXX").string();
    folder = mkdtemp(name.data());
    path = (folder / "state.db").string();
  }
  ~StateTest() override { fs::remove_all(folder); }

  // A record and its key were replaced, with the events of that.
  void remember() const {
    test::LifeWorld world;
    world.at = test::noon();
    Life life;
    Archive::Changes changes{{"example.org", add(life, world.report())}};
    world.records = "ab";
    world.at += std::chrono::minutes(5);
    changes.emplace_back("example.org", add(life, world.report()));
    world.all_show('b');
    world.at += std::chrono::hours(3);
    changes.emplace_back("example.org", add(life, world.report()));
    SqliteArchive(path, ArchiveFile::create).keep(changes);
  }

  fs::path folder;
  std::string path;
};

TEST_F(StateTest, HistoryTellsWhatBecameOfEachRecord) {
  remember();
  const auto result = danewatch({"history", "EXAMPLE.org.", "--state", path});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("example.org: looked at since 2026-01-31 12:00 UTC"));
  EXPECT_THAT(result.out, HasSubstr("former    3 1 1 aaaaaaaaaaaaaaaa...: stale since 2026-01-31 12:05 UTC"));
  EXPECT_THAT(result.out, HasSubstr("mx1.example.org:25 has a new TLSA record: 3 1 1 bbbbbbbbbbbbbbbb..."));
}

TEST_F(StateTest, HistoryIsJsonToo) {
  remember();
  const auto result = danewatch({"history", "example.org", "--state", path, "--json"});
  const auto history = nlohmann::json::parse(result.out);
  EXPECT_EQ(history["schema"], "danewatch.history/1");
  EXPECT_EQ(history["looks"], 3);
  ASSERT_EQ(history["records"].size(), 2U);
  EXPECT_EQ(history["records"][0]["state"], "former");
  EXPECT_EQ(history["records"][0]["last_matched"], "2026-01-31T12:05:00Z");
  EXPECT_EQ(history["records"][0]["first_seen_at_least"], true);
  EXPECT_EQ(history["records"][1]["state"], "in-use");
  EXPECT_EQ(history["events"].size(), 2U);
}

TEST_F(StateTest, ChangesAreToldByTheirTime) {
  remember();
  const auto all = danewatch({"changes", "--state", path, "--since", "2026-01-01T00:00:00Z", "--json"});
  EXPECT_EQ(std::ranges::count(all.out, '\n'), 2) << all.out;
  const auto first = nlohmann::json::parse(all.out.substr(0, all.out.find('\n')));
  EXPECT_EQ(first["schema"], "danewatch.event/1");
  EXPECT_EQ(first["code"], "tlsa-added");
  EXPECT_EQ(first["target"], "example.org");
  EXPECT_EQ(first["until"], "2026-01-31T14:05:00Z");
  const auto later = danewatch({"changes", "--state", path, "--since", "2026-01-31T13:00:00Z"});
  EXPECT_THAT(
      later.out,
      HasSubstr("2026-01-31\n15:05 UTC example.org: mx1.example.org:25 (192.0.2.1, 192.0.2.2) shows another\n"));
  EXPECT_THAT(later.out, testing::Not(HasSubstr("new TLSA record")));
  EXPECT_THAT(danewatch({"changes", "--state", path, "--since", "2027-01-01T00:00:00Z"}).out, IsEmpty());
}

TEST_F(StateTest, WhatIsNotRememberedIsSaidAndNotMade) {
  const auto none = danewatch({"history", "example.org", "--state", path});
  EXPECT_EQ(none.err, "danewatch: --state " + path + ": No such file or directory\n");
  EXPECT_EQ(none.status, 3);
  EXPECT_FALSE(fs::exists(path));
  remember();
  const auto other = danewatch({"history", "example.net", "--state", path});
  EXPECT_EQ(other.err, "danewatch: example.net: not remembered in " + path + ", which remembers example.org\n");
  EXPECT_EQ(other.status, 3);
}

// Before anything is looked at.
TEST_F(StateTest, AFileThatIsNotOursIsRefusedAndUntouched) {
  const auto refused = [this](const std::string& state) {
    const auto result = danewatch({"check", "example.org", "--state", state, "--changes"});
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    return result.err;
  };
  EXPECT_EQ(refused(folder.string()),
            "danewatch: --state " + folder.string() + ": is a directory; name a file in it\n");
  EXPECT_THAT(refused((folder / "no/state.db").string()), HasSubstr("cannot be opened: is the directory there"));
  std::ofstream(path) << "my notes\n";
  EXPECT_EQ(refused(path), "danewatch: --state " + path + ": is not an SQLite database; it is left as it is\n");
  EXPECT_EQ(fs::file_size(path), 9U);
}

// Nothing is known after a run that could not look; that nobody looks is said once.
TEST_F(StateTest, ThatNobodyLooksIsMailedOnce) {
  const std::vector<std::string> run{"check",       "example.org", "--state",   path,   "--changes",
                                     "--forwarder", "127.0.0.1@1", "--timeout", "300ms"};
  const auto first = danewatch(run);
  EXPECT_THAT(first.out, HasSubstr("danewatch could not look"));
  EXPECT_EQ(first.status, 3);
  const auto second = danewatch(run);
  EXPECT_THAT(second.out + second.err, IsEmpty());
  EXPECT_EQ(second.status, 3);
}

}  // namespace
}  // namespace danewatch

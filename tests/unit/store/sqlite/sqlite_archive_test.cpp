#include "store/sqlite/sqlite_archive.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "probe/life/record_life.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using test::LifeWorld;
using testing::HasSubstr;

class SqliteArchiveTest : public testing::Test {
 protected:
  SqliteArchiveTest() {
    std::string name = (fs::temp_directory_path() / "danewatch-archive-XXXXXX").string();
    folder = mkdtemp(name.data());
    path = folder / "history.db";
    world.at = test::noon();
  }
  ~SqliteArchiveTest() override {
    fs::permissions(folder, fs::perms::owner_all);
    fs::remove_all(folder);
  }

  void write(const std::string& octets) const { std::ofstream(path, std::ios::binary) << octets; }
  std::string octets() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void sql(const char* text) const {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
    sqlite3_close(connection);
  }
  SqliteArchive open() const { return {path.string(), ArchiveFile::create}; }

  // The sentence with which the file is refused; it is as it was.
  std::string refusal() const {
    const std::string before = fs::is_regular_file(path) ? octets() : "";
    try {
      open();
    } catch (const ArchiveError& error) {
      EXPECT_EQ(fs::is_regular_file(path) ? octets() : "", before);
      return error.what();
    }
    return "opened";
  }

  Change look(Life& life) { return add(life, world.report()); }

  fs::path folder;
  fs::path path;
  LifeWorld world;
};

TEST_F(SqliteArchiveTest, WhatIsKeptIsRead) {
  Life life;
  Archive::Changes changes{{"example.org", look(life)}};
  world.records = "ab";
  world.at += minutes(5);
  changes.emplace_back("example.org", look(life));
  {
    SqliteArchive archive = open();
    EXPECT_FALSE(archive.load("example.org"));
    archive.keep(changes);
  }
  SqliteArchive archive = open();
  EXPECT_EQ(archive.load("example.org"), life);
  EXPECT_EQ(archive.targets(), std::vector<std::string>{"example.org"});
  const auto events = archive.events({});
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front(), (KeptEvent{"example.org", changes.back().second.events.front()}));
}

void turn(LifeWorld& world, std::mt19937& random) {
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  const char key = static_cast<char>('a' + random() % 3);
  if (one_in(3)) world.records = one_in(2) ? "ab" : std::string(1, key);
  if (one_in(3)) world.all_show(key);
  if (one_in(4)) ++world.renewals;
  if (one_in(4)) world.tlsa = one_in(2) ? Status::secure : Status::insecure;
  if (one_in(4)) world.silent = {"192.0.2.1"};
  if (one_in(3)) world.silent.clear();
  if (one_in(5)) world.hosts = {"mx1.example.org", "mx2.example.org"};
  if (one_in(5)) world.hosts = {"mx1.example.org"};
  world.at += minutes(random() % 200) - (one_in(10) ? std::chrono::hours(30) : std::chrono::hours(0));
}

// At whatever point danewatch ends and begins again: the same life and the same events as if it had not.
TEST_F(SqliteArchiveTest, ALifeGoesOnFromTheFileAsIfNothingHadBeen) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    world = LifeWorld{};
    world.at = test::noon();
    SqliteArchive archive(":memory:", ArchiveFile::create);
    Life in_one;
    const LifeLimits limits{.open = 40, .past = 30};
    std::vector<KeptEvent> events;
    for (int i = 0; i < 12; ++i) {
      const Report report = random() % 6 == 0 ? world.blind() : world.report();
      for (const Event& each : add(in_one, report, limits).events) events.push_back({"example.org", each});
      Life life = archive.load("example.org").value_or(Life{});
      archive.keep({{"example.org", add(life, report, limits)}});
      ASSERT_EQ(archive.load("example.org"), in_one) << "seed " << seed << " look " << i;
      turn(world, random);
    }
    ASSERT_EQ(archive.events({}), events) << "seed " << seed;
  }
}

TEST_F(SqliteArchiveTest, EventsAreAskedForByTimeAndTarget) {
  SqliteArchive archive = open();
  for (const char* target : {"example.org", "example.net"}) {
    Life life;
    world = LifeWorld{};
    world.at = test::noon();
    archive.keep({{target, look(life)}});
    world.records = "ab";
    world.at += minutes(5);
    archive.keep({{target, look(life)}});
    world.records = "a";
    world.at += minutes(5);
    archive.keep({{target, look(life)}});
  }
  EXPECT_EQ(archive.events({}).size(), 4U);
  EXPECT_EQ(archive.events({.since = test::noon() + minutes(10)}).size(), 2U);
  EXPECT_EQ(archive.events({.target = "example.net"}).size(), 2U);
  EXPECT_EQ(archive.events({.most = 1}).front().target, "example.net");
}

TEST_F(SqliteArchiveTest, WhatIsOldIsForgottenAndWhatIsThereIsNot) {
  SqliteArchive archive = open();
  Life life;
  archive.keep({{"example.org", look(life)}});
  world.records = "ab";
  world.all_show('b');
  ++world.renewals;
  world.at += minutes(5);
  archive.keep({{"example.org", look(life)}});
  world.at += std::chrono::hours(24 * 500);
  archive.keep({{"example.org", look(life)}});
  archive.forget(world.at - std::chrono::hours(24 * 400));
  EXPECT_TRUE(archive.events({}).empty());
  const auto kept = archive.load("example.org");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->open, life.open);
  EXPECT_LT(kept->past.size(), life.past.size());
  // The left-over record is still one that matched once, and until when.
  EXPECT_EQ(record_lives(*kept).front().state, RecordLife::State::former);
  EXPECT_EQ(record_lives(*kept).front().last_matched, test::noon());
}

TEST_F(SqliteArchiveTest, AFileThatIsThereIsAskedFor) {
  EXPECT_THROW(SqliteArchive(path.string(), ArchiveFile::existing), ArchiveError);
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(SqliteArchiveTest, ADirectoryIsNoFile) {
  fs::create_directory(path);
  EXPECT_THAT(refusal(), HasSubstr("is a directory"));
}

TEST_F(SqliteArchiveTest, WhatIsNoDatabaseIsNotTouched) {
  write("example.org\n");
  EXPECT_THAT(refusal(), HasSubstr("is not an SQLite database"));
  write(std::string(4096, 'x'));
  EXPECT_THAT(refusal(), HasSubstr("is not an SQLite database"));
}

TEST_F(SqliteArchiveTest, AForeignDatabaseIsNotTouched) {
  sql("PRAGMA journal_mode = WAL; CREATE TABLE mail (id INTEGER)");
  EXPECT_THAT(refusal(), HasSubstr("is a database of another program"));
  EXPECT_FALSE(fs::exists(path.string() + "-wal"));
  sql("PRAGMA application_id = 7");
  EXPECT_THAT(refusal(), HasSubstr("is a database of another program"));
}

TEST_F(SqliteArchiveTest, ANewerVersionIsNotTouched) {
  open();
  sql("PRAGMA user_version = 99");
  EXPECT_THAT(refusal(), HasSubstr("was written by a newer danewatch"));
}

TEST_F(SqliteArchiveTest, ADamagedPageIsSeen) {
  Life life;
  open().keep({{"example.org", look(life)}});
  std::string damaged = octets();
  ASSERT_GT(damaged.size(), 3 * 4096U);
  damaged[4096] ^= 0x40;  // the kind of the second page
  write(damaged);
  EXPECT_THAT(refusal(), HasSubstr("is damaged"));
}

TEST_F(SqliteArchiveTest, AnEmptyFileIsTaken) {
  write("");
  EXPECT_EQ(refusal(), "opened");
}

TEST_F(SqliteArchiveTest, ASecondOneGetsASentence) {
  const SqliteArchive first = open();
  try {
    open();
    FAIL() << "opened twice";
  } catch (const ArchiveError& error) {
    EXPECT_THAT(error.what(), HasSubstr("another program has it open"));
  }
}

// What a child did up to its end; 0: it ended by itself.
template <class Work>
int in_child(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

TEST_F(SqliteArchiveTest, WhatWasKeptIsThereAfterAKill) {
  const int end = in_child([this] {
    Life life;
    SqliteArchive archive = open();
    archive.keep({{"example.org", look(life)}});
    raise(SIGKILL);
  });
  EXPECT_EQ(end, SIGKILL);
  EXPECT_TRUE(open().load("example.org"));
}

TEST_F(SqliteArchiveTest, AFullDiskIsASentenceAndLosesNothing) {
  const int end = in_child([this] {
    Life life;
    SqliteArchive archive = open();
    archive.keep({{"example.org", look(life)}});
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1, 1};
    setrlimit(RLIMIT_FSIZE, &limit);
    world.all_show('b');
    try {
      archive.keep({{"example.org", look(life)}});
    } catch (const ArchiveError&) {
      _exit(7);
    }
  });
  EXPECT_EQ(end, 7);
  Life life;
  world.all_show('a');
  look(life);
  EXPECT_EQ(open().load("example.org"), life);
}

// One of every version that was ever written.
TEST_F(SqliteArchiveTest, FilesOfOlderVersionsAreRead) {
  for (const auto& file : fs::directory_iterator(DANEWATCH_SOURCE_DIR "/tests/unit/store/sqlite/versions")) {
    std::ifstream kept(file.path());
    const std::string text{std::istreambuf_iterator<char>(kept), {}};
    fs::remove(path);
    sql(text.c_str());
    SqliteArchive archive = open();
    const auto life = archive.load("example.org");
    ASSERT_TRUE(life) << file.path();
    EXPECT_EQ(record_lives(*life).size(), 2U) << file.path();
    EXPECT_FALSE(archive.events({}).empty()) << file.path();
  }
}

// The questions of README.md.
TEST_F(SqliteArchiveTest, TheQuestionsOfTheReadmeCanBeAsked) {
  std::ifstream file(DANEWATCH_SOURCE_DIR "/store/sqlite/README.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto begin = text.find("```sql\n") + 7;
  const std::string questions = text.substr(begin, text.find("```", begin) - begin);
  EXPECT_EQ(std::ranges::count(questions, ';'), 5);
  Life life;
  open().keep({{"example.org", look(life)}});
  sql(questions.c_str());
}

}  // namespace
}  // namespace danewatch

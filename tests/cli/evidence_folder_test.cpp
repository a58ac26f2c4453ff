// The evidence of changes in a folder: bounded, found again, and nobody else's files.
#include "cli/serve/evidence_folder.hpp"

#include <gmock/gmock.h>

#include "tests/support/scratch.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

constexpr SysTime noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + std::chrono::hours(12);

std::size_t files_in(const std::string& path) {
  std::size_t files = 0;
  for (const auto& each : fs::recursive_directory_iterator(path)) files += each.is_regular_file() ? 1 : 0;
  return files;
}

TEST(EvidenceFolder, WhatIsKeptIsFoundAgainAlsoAfterARestart) {
  const Scratch scratch;
  const std::string path = scratch.path("deep/evidence");
  {
    EvidenceFolder folder(path);
    folder.keep("example.org", noon, "one");
    folder.keep("example.org", noon + std::chrono::hours(1), "two");
    folder.keep("smtp://mx.example.org:25", noon, "other");
  }
  const EvidenceFolder folder(path);
  EXPECT_THAT(folder.kept_of("example.org"), ElementsAre(noon, noon + std::chrono::hours(1)));
  EXPECT_EQ(folder.read("example.org", noon), "one");
  EXPECT_EQ(folder.read("smtp://mx.example.org:25", noon), "other");
  EXPECT_EQ(folder.read("example.org", noon + std::chrono::hours(2)), std::nullopt);
  EXPECT_THAT(folder.kept_of("example.net"), IsEmpty());
  EXPECT_TRUE(fs::exists(path + "/example.org/20261129T120000Z.json"));
}

TEST(EvidenceFolder, OfOneTargetTheOldestMakesWay) {
  const Scratch scratch;
  EvidenceFolder folder(scratch.path("e"), {2, 1000});
  folder.keep("other.org", noon - std::chrono::days(1), "other");
  for (int hour = 0; hour < 4; ++hour) folder.keep("example.org", noon + std::chrono::hours(hour), "x");
  EXPECT_THAT(folder.kept_of("example.org"), ElementsAre(noon + std::chrono::hours(2), noon + std::chrono::hours(3)));
  EXPECT_THAT(folder.kept_of("other.org"), ElementsAre(noon - std::chrono::days(1)));
  EXPECT_EQ(files_in(scratch.path("e")), 3U);
}

TEST(EvidenceFolder, InAllItHasAnEnd) {
  const Scratch scratch;
  EvidenceFolder folder(scratch.path("e"), {20, 250});
  for (int i = 0; i < 5; ++i) {
    folder.keep("target" + std::to_string(i), noon + std::chrono::hours(i), std::string(100, 'x'));
  }
  EXPECT_EQ(files_in(scratch.path("e")), 2U);
  EXPECT_THAT(folder.kept_of("target4"), ElementsAre(noon + std::chrono::hours(4)));
  EXPECT_THAT(folder.kept_of("target0"), IsEmpty());
  folder.keep("large", noon, std::string(1000, 'x'));
  EXPECT_THAT(folder.kept_of("large"), IsEmpty()) << "the oldest of all is this one itself";
  EXPECT_EQ(files_in(scratch.path("e")), 2U);
  folder.keep("target4", noon + std::chrono::hours(4), "again");
  EXPECT_EQ(folder.read("target4", noon + std::chrono::hours(4)), "again");
}

TEST(EvidenceFolder, NoNameLeadsOutOfIt) {
  const Scratch scratch;
  const std::string path = scratch.path("e");
  EvidenceFolder folder(path);
  for (const char* name : {"../../escape", "..", ".", "/etc/x", "a/../../b", "", "\x1b[31m", "Upper"}) {
    folder.keep(name, noon, name);
    EXPECT_EQ(folder.read(name, noon), name);
  }
  EXPECT_EQ(files_in(path), files_in(scratch.path("")));
}

TEST(EvidenceFolder, FilesOfOthersStay) {
  const Scratch scratch;
  const std::string path = scratch.folder("e");
  fs::create_directories(path + "/example.org");
  std::ofstream(path + "/example.org/notes.json") << "mine";
  std::ofstream(path + "/example.org/20261399T120000Z.json") << "no such day";
  EvidenceFolder folder(path, {1, 10});
  EXPECT_THAT(folder.kept_of("example.org"), IsEmpty());
  folder.keep("example.org", noon, "x");
  folder.keep("example.org", noon + std::chrono::hours(1), "y");
  EXPECT_EQ(files_in(path), 3U);
}

TEST(EvidenceFolder, WhatCannotBeKeptIsASentence) {
  const Scratch scratch;
  const std::string file = scratch.file("file", "");
  EXPECT_THAT([&] { EvidenceFolder folder(file); },
              ThrowsMessage<std::runtime_error>(HasSubstr("history.evidence " + file + ": ")));
  EvidenceFolder folder(scratch.path("e"));
  fs::remove_all(scratch.path("e"));
  std::ofstream(scratch.path("e")) << "a file now";
  EXPECT_THROW(folder.keep("example.org", noon, "x"), std::exception);
  EXPECT_THAT(folder.kept_of("example.org"), IsEmpty());
}

}  // namespace
}  // namespace danewatch

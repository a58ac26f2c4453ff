// judge: evidence from a file in, the report that check gave out. No network is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "cli/system/errors.hpp"
#include "cli/system/kept_file.hpp"
#include "tests/cli/program.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string kept(const std::string& name) {
  return std::string(DANEWATCH_SOURCE_DIR) + "/tests/evidence/" + name + ".json";
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Judge, SaysThatNothingWasLookedAt) {
  const auto text = danewatch({"judge", kept("stale")});
  EXPECT_THAT(text.out, HasSubstr("Nothing was looked at: this is evidence that was kept, judged again."));
  EXPECT_EQ(text.err, "");
  EXPECT_EQ(text.status, 1);
  EXPECT_THAT(danewatch({"judge", "--json", kept("good")}).out, HasSubstr(R"("origin":"replayed")"));
}

TEST(Judge, OfSeveralTheWorstCounts) {
  const auto result = danewatch({"judge", kept("good"), kept("stale"), kept("bad")});
  EXPECT_THAT(result.out,
              HasSubstr("2 of 3 are not ok. Run danewatch judge --explain FILE for the reason and the fix."));
  EXPECT_EQ(result.status, 2);
  const Scratch scratch;
  const auto both = scratch.file("both", content(kept("good")) + content(kept("stale")));
  EXPECT_EQ(danewatch({"judge", both}).status, 1);
  EXPECT_EQ(danewatch({"judge", "-"}, content(kept("good"))).status, 0);
}

TEST(Judge, OfALaterDayItTellsWhatHasEnded) {
  const auto result = danewatch({"judge", "--at", "2040-01-01", kept("good")});
  EXPECT_THAT(result.out, HasSubstr("ended on 2038-01-01"));
  EXPECT_EQ(result.status, 2);
}

TEST(Judge, WhatIsNoEvidenceIsNamedAndHidesNothing) {
  const Scratch scratch;
  const auto half = scratch.file("half", content(kept("good")).substr(0, 2000));
  const auto alone = danewatch({"judge", half});
  EXPECT_EQ(alone.err, "danewatch: " + half + ": it ends in the middle: the file was cut short (octet 2000)\n");
  EXPECT_EQ(alone.out, "");
  EXPECT_EQ(alone.status, 64);
  const auto both = danewatch({"judge", half, kept("good")});
  EXPECT_THAT(both.err, HasSubstr("cut short"));
  EXPECT_THAT(both.out, HasSubstr("authenticated"));
  EXPECT_EQ(both.status, 3);
  EXPECT_THAT(danewatch({"judge", "/dev/null"}).err, HasSubstr("/dev/null: holds no evidence"));
  EXPECT_THAT(danewatch({"judge", "/dev/zero"}).err,
              HasSubstr("this is not evidence: a JSON object begins with a brace"));
}

TEST(Judge, SignaturesProveNothingOfWhatOneNameServerSaid) {
  const std::string anchor =
      std::string(DANEWATCH_SOURCE_DIR) +
      "/tests/evidence/anchors/f347b0210ac33d04bf755971660da2a8508776023299716aa67627e44d2d60aa.key";
  const auto result = danewatch({"judge", "--verify-signatures", "--trust-anchor", anchor, kept("servers-old")});
  EXPECT_THAT(result.out, HasSubstr("server-old-records"));
  EXPECT_THAT(result.err, HasSubstr("what each name server said by itself is as it was kept, without proof"));
  EXPECT_EQ(result.status, 2);
}

TEST(Judge, AChangedFileIsRefused) {
  const Scratch scratch;
  std::string text = content(kept("bad"));
  text.replace(text.find("\"secure\""), 8, "\"bogus\" ");
  const auto result = danewatch({"judge", scratch.file("changed", text)});
  EXPECT_THAT(result.err, HasSubstr("it was changed after it was kept: its SHA-256 is another"));
  EXPECT_EQ(result.status, 64);
}

TEST(KeptFile, IsWholeOrNotThereAtAll) {
  const Scratch scratch;
  const auto path = scratch.file("kept", "old");
  {
    KeptFile file("--save", path);
    file.write("new");
    EXPECT_EQ(content(path), "old");
  }
  EXPECT_EQ(content(path), "old");
  KeptFile file("--save", path);
  file.write("new");
  file.finish();
  EXPECT_EQ(content(path), "new");
  const auto entries = std::filesystem::directory_iterator(std::filesystem::path(path).parent_path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST(KeptFile, ALinkStaysALink) {
  const Scratch scratch;
  const auto path = scratch.file("kept", "old");
  const auto link = scratch.path("link");
  std::filesystem::create_symlink(path, link);
  KeptFile file("--save", link);
  file.write("new");
  file.finish();
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(content(path), "new");
}

TEST(KeptFile, AFullDiskIsASentence) {
  KeptFile file("--save", "/dev/full");
  try {
    file.write("x");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "--save /dev/full: No space left on device");
  }
  EXPECT_TRUE(std::filesystem::exists("/dev/full"));
}

TEST(KeptFile, WhereNothingCanBeWrittenIsASentence) {
  const Scratch scratch;
  EXPECT_THROW(KeptFile("--save", scratch.path("none/kept")), UsageError);
  EXPECT_THROW(KeptFile("--save", std::filesystem::path(scratch.path("x")).parent_path()), UsageError);
}

}  // namespace
}  // namespace danewatch

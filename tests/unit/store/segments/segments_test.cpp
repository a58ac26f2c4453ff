// Lists of names in, files of results out.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "store/segments/packed_lines.hpp"
#include "store/segments/segment_writer.hpp"
#include "store/segments/survey_directory.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;

class SegmentTest : public testing::Test {
 protected:
  SegmentTest() {
    std::string pattern = fs::temp_directory_path() / "danewatch-segments-XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~SegmentTest() override { fs::remove_all(path); }

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path / name, std::ios::binary) << content;
    return path / name;
  }

  static std::vector<std::string> lines_of(const std::string& file) {
    PackedLines reader(file);
    std::vector<std::string> lines;
    for (std::string line; reader.next(line);) lines.push_back(line);
    return lines;
  }

  fs::path path;
};
using PackedLinesTest = SegmentTest;

std::string zipped(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST_F(PackedLinesTest, PlainFiles) {
  EXPECT_EQ(lines_of(file("plain", "a\n\nb\r\nc")), (std::vector<std::string>{"a", "", "b\r", "c"}));
  EXPECT_TRUE(lines_of(file("empty", "")).empty());
  EXPECT_EQ(lines_of(file("short", "a")), (std::vector<std::string>{"a"}));
}

TEST_F(PackedLinesTest, GzipInSeveralMembers) {
  EXPECT_EQ(lines_of(file("gz", zipped("a\nb") + zipped("c\nd\n"))), (std::vector<std::string>{"a", "bc", "d"}));
}

TEST_F(PackedLinesTest, ManyLinesOfEachKind) {
  std::string many;
  for (int i = 0; i < 200'000; ++i) many += "d" + std::to_string(i) + ".example\n";
  EXPECT_EQ(lines_of(file("plain", many)).size(), 200'000U);
  EXPECT_EQ(lines_of(file("gz", zipped(many))).size(), 200'000U);
  SegmentWriter writer(path, "zst");
  writer.add(many.substr(0, many.size() - 1));
  writer.finish("zst");
  EXPECT_EQ(lines_of(path / "zst").back(), "d199999.example");
}

TEST_F(PackedLinesTest, WhatEndsInTheMiddleIsSaid) {
  const std::string whole = zipped("a\nb\n");
  EXPECT_THROW(lines_of(file("gz", whole.substr(0, whole.size() - 4))), std::runtime_error);
  EXPECT_THROW(lines_of(file("bad", whole.substr(0, 10) + std::string(40, '\x7f'))), std::runtime_error);
  SegmentWriter writer(path, "zst");
  for (int i = 0; i < 1000; ++i) writer.add(std::to_string(i * i));
  writer.finish("zst");
  fs::resize_file(path / "zst", fs::file_size(path / "zst") - 4);
  EXPECT_THROW(lines_of(path / "zst"), std::runtime_error);
  EXPECT_THROW(lines_of(path / "none"), std::runtime_error);
}

TEST_F(PackedLinesTest, OfAnEndlessLineTheBeginningCounts) {
  const auto lines = lines_of(file("long", std::string(5'000'000, 'x') + "\nb\n"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].size(), 4096U);
  EXPECT_EQ(lines[1], "b");
}

TEST_F(SegmentTest, AFileIsThereWhenItIsWhole) {
  {
    SegmentWriter given_up(path, "000000.ndjson.zst");
    given_up.add("{}");
    EXPECT_TRUE(fs::exists(path / "000000.ndjson.zst.part"));
  }
  EXPECT_TRUE(fs::is_empty(path));
  SegmentWriter writer(path, "000000.ndjson.zst");
  writer.add("{\"a\":1}");
  writer.add("{\"b\":2}");
  writer.finish("000000.ndjson.zst");
  EXPECT_FALSE(fs::exists(path / "000000.ndjson.zst.part"));
  EXPECT_EQ(lines_of(path / "000000.ndjson.zst"), (std::vector<std::string>{"{\"a\":1}", "{\"b\":2}"}));
}

SurveyPlan plan_of_one() {
  return {{1, 1}, "verdict", "default", 3, 7, {{0, bucket_count, 3}}};
}

TEST_F(SegmentTest, NamesArePutAsideByBucket) {
  SurveyDirectory directory(path / "out");
  EXPECT_FALSE(directory.plan());
  directory.put_aside(0, "a.example");
  directory.put_aside(255, " bad\tline\twith\ttabs");
  directory.put_aside(0, "b.example");
  directory.begin(plan_of_one());
  EXPECT_EQ(directory.plan(), plan_of_one());
  EXPECT_EQ(directory.names_in({0, 1, 2}), (std::vector<std::string>{"a.example", "b.example"}));
  EXPECT_EQ(directory.names_in({0, bucket_count, 3}).size(), 3U);
  directory.forget_names();
  EXPECT_EQ(directory.plan(), plan_of_one());
}

TEST_F(SegmentTest, OneDanewatchAtATimeWritesThere) {
  const SurveyDirectory directory(path / "out");
  EXPECT_THROW(SurveyDirectory(path / "out"), std::runtime_error);
}

TEST_F(SegmentTest, ADirectoryOfSomethingElseIsLeftAsItIs) {
  file("precious", "x");
  EXPECT_THROW(SurveyDirectory{std::string(path)}, std::runtime_error);
  EXPECT_FALSE(fs::exists(path / "lock"));
}

TEST_F(SegmentTest, WhatWasNotFinishedIsTakenAway) {
  {
    SurveyDirectory directory(path / "out");
    directory.put_aside(0, "a.example");
    directory.begin(plan_of_one());
  }
  file("out/000000.ndjson.zst.part", "half");
  const SurveyDirectory directory(path / "out");
  EXPECT_FALSE(fs::exists(path / "out/000000.ndjson.zst.part"));
}

}  // namespace
}  // namespace danewatch

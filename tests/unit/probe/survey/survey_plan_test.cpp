// Which names a survey has, in which order, and what is left of it to do.
#include <gtest/gtest.h>

#include "probe/survey/names.hpp"
#include "probe/survey/plan.hpp"

namespace danewatch {
namespace {

TEST(SurveyOrder, IsTheSameForEver) {
  EXPECT_EQ(place_of("example.org"), place_of("example.org"));
  EXPECT_EQ(place_of(""), 0xf52a15e9a9b5e89bU);
  EXPECT_EQ(place_of("example.org"), 0xdd92ef3c617d04afU);
}

TEST(SurveyOrder, NamesInARowAreFarFromEachOther) {
  std::vector<std::size_t> buckets(bucket_count);
  for (int i = 0; i < 25'600; ++i) ++buckets[bucket_of(place_of("d" + std::to_string(i) + ".example"))];
  for (const std::size_t each : buckets) {
    EXPECT_GT(each, 50U);
    EXPECT_LT(each, 160U);
  }
}

TEST(SurveyOrder, EveryNameIsInOneShard) {
  for (int i = 0; i < 1000; ++i) {
    const auto place = place_of("d" + std::to_string(i) + ".example");
    int in = 0;
    for (std::uint64_t number = 1; number <= 7; ++number) in += is_in({number, 7}, place) ? 1 : 0;
    EXPECT_EQ(in, 1);
  }
}

TEST(SurveyOrder, ShardsCountFromOne) {
  EXPECT_EQ(parse_shard("2/8").value(), (Shard{2, 8}));
  for (const char* wrong : {"0/0", "0/4", "5/4", "1", "1/", "/1", "a/b", "1/2/3", "-1/2", "1/100001", ""})
    EXPECT_FALSE(parse_shard(wrong)) << wrong;
}

TEST(SurveyOrder, EachLineComesOnceAndWhatIsDoneNotAtAll) {
  const auto lines = in_order({"b.example", "a.example", "b.example", "c.example"}, {"c.example"});
  EXPECT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0], lines[1]);
}

TEST(SurveyNames, MailDomainsInTheirPlainForm) {
  EXPECT_EQ(read_survey_name("Example.ORG.\r")->name, "example.org");
  EXPECT_EQ(read_survey_name("\xef\xbb\xbf example.org # ours")->name, "example.org");
  EXPECT_EQ(read_survey_name("m\xc3\xbcller.example")->name, "xn--mller-kva.example");
  EXPECT_FALSE(read_survey_name("example.org")->error);
}

TEST(SurveyNames, BlankLinesAndCommentsAreNone) {
  for (const char* nothing : {"", " \t", "# a comment", "\r"}) EXPECT_FALSE(read_survey_name(nothing)) << nothing;
}

TEST(SurveyNames, JunkIsAResultOfItsOwn) {
  for (const char* junk : {"exa mple.org", "a..b", "-", "example.org:25", "https://example.org", "192.0.2.1",
                           "\x01\x02", "mx.example.org:25,465", "_imaps._tcp.example.org", "\xff\xfe.org"}) {
    const auto name = read_survey_name(junk);
    ASSERT_TRUE(name) << junk;
    EXPECT_TRUE(name->error) << junk;
  }
}

TEST(SurveyNames, JunkComesBackAsItWasKept) {
  for (const char* junk : {"exa mple.org", "a\tb", "example.org:25", "\xff\xfe.org", "x\\y"}) {
    const auto name = read_survey_name(junk).value();
    EXPECT_EQ(from_kept_line(kept_line(name)), name) << junk;
  }
  EXPECT_EQ(from_kept_line("example.org"), (SurveyName{"example.org", std::nullopt}));
}

TEST(SurveyNames, TextThatIsNoUtf8IsTold) {
  EXPECT_EQ(read_survey_name("\xff.org")->name, "\\xff.org");
  EXPECT_EQ(read_survey_name(std::string(1000, 'a'))->name.size(), 300U);
}

TEST(SurveyPlan, SegmentsHoldAllBuckets) {
  const std::vector<std::uint64_t> lines{10, 0, 30, 5, 0, 100, 1, 0};
  const auto segments = cut_into_segments(lines, 40);
  ASSERT_EQ(segments.size(), 3U);
  EXPECT_EQ(segments[0], (Segment{0, 3, 40}));
  EXPECT_EQ(segments[1], (Segment{3, 6, 105}));
  EXPECT_EQ(segments[2], (Segment{6, 8, 1}));
  EXPECT_TRUE(cut_into_segments(std::vector<std::uint64_t>(8), 40).empty());
}

SurveyPlan plan() {
  return {{2, 3}, "verdict", "default", 146, 0xabc, {{0, 3, 40}, {3, 8, 106}}};
}

TEST(SurveyPlan, IsReadBack) {
  EXPECT_EQ(parse_survey_plan(to_text(plan())).value(), plan());
  for (const char* wrong : {"", "danewatch survey 2\n", "danewatch survey 1\nshard 0/0\n", "danewatch survey 1\nwhat\n",
                            "danewatch survey 1\nsegment 3 3 1\n", "danewatch survey 1\nsegment 0 9999 1\n"})
    EXPECT_FALSE(parse_survey_plan(wrong)) << wrong;
}

TEST(SurveyPlan, AnotherSurveyIsToldApart) {
  EXPECT_EQ(difference(plan(), plan()), std::nullopt);
  SurveyPlan other = plan();
  other.fingerprint = 1;
  EXPECT_EQ(difference(plan(), other), "holds a survey of other names");
  other = plan();
  other.shard = {1, 3};
  EXPECT_EQ(difference(plan(), other), "holds shard 2/3 of a survey, and shard 1/3 is asked for");
  other = plan();
  other.keep = "report";
  EXPECT_EQ(difference(plan(), other), "holds a survey that was begun with --keep verdict");
}

TEST(SurveyPlan, FilesAreAllThatIsKnownOfHowFarItCame) {
  EXPECT_EQ(file_name({12, 0}), "000012.ndjson.zst");
  EXPECT_EQ(parse_file_name("000012-3.ndjson.zst"), (SegmentFile{12, 3}));
  for (const char* other :
       {"plan", "000012.ndjson.zst.part", "12.ndjson.zst", "000012-0.ndjson.zst", "000012x.ndjson.zst"})
    EXPECT_FALSE(parse_file_name(other)) << other;
  const std::vector<std::string> files{"000000.ndjson.zst", "000001-2.ndjson.zst", "000001-1.ndjson.zst", "plan",
                                       "000099.ndjson.zst"};
  const auto states = states_of(plan(), files);
  ASSERT_EQ(states.size(), 2U);
  EXPECT_TRUE(states[0].complete);
  EXPECT_FALSE(states[1].complete);
  EXPECT_EQ(states[1].parts, (std::vector<SegmentFile>{{1, 1}, {1, 2}}));
}

}  // namespace
}  // namespace danewatch

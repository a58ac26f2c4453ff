// The range grammar of Nagios plugins, as a table.
#include <gtest/gtest.h>

#include "probe/report/range.hpp"

namespace danewatch {
namespace {

struct Row {
  std::string text;
  BareNumber bare;
  std::vector<double> quiet;
  std::vector<double> alarming;
  std::string echo;  // what perfdata repeats
};

class Ranges : public testing::TestWithParam<Row> {};

TEST_P(Ranges, AlertWhereTheGuidelineSays) {
  const Row& row = GetParam();
  const auto range = parse_range(row.text, row.bare);
  ASSERT_TRUE(range) << row.text << ": " << range.error().message;
  for (const double value : row.quiet) EXPECT_FALSE(alerts(*range, value)) << row.text << " at " << value;
  for (const double value : row.alarming) EXPECT_TRUE(alerts(*range, value)) << row.text << " at " << value;
  EXPECT_EQ(range->text, row.echo);
}

constexpr auto end = BareNumber::end;
constexpr auto start = BareNumber::start;

INSTANTIATE_TEST_SUITE_P(Grammar, Ranges,
                         testing::Values(Row{"10", end, {0, 5, 10}, {-0.1, -5, 10.1, 1e9}, "10"},      //
                                         Row{"10:", end, {10, 11, 1e9}, {9.99, 0, -5}, "10:"},         //
                                         Row{"~:10", end, {-1e9, 0, 10}, {10.01, 11}, "~:10"},         //
                                         Row{"10:20", end, {10, 15, 20}, {9.9, 20.1}, "10:20"},        //
                                         Row{"@10:20", end, {9.9, 20.1}, {10, 15, 20}, "@10:20"},      //
                                         Row{"@10", end, {-1, 10.1}, {0, 10}, "@10"},                  //
                                         Row{"@~:10", end, {10.1}, {-1e9, 10}, "@~:10"},               //
                                         Row{"@10:", end, {9.9}, {10, 1e9}, "@10:"},                   //
                                         Row{":10", end, {0, 10}, {-1, 11}, ":10"},                    //
                                         Row{"~:", end, {-1e9, 0, 1e9}, {}, "~:"},                     //
                                         Row{"0", end, {0}, {-0.1, 0.1}, "0"},                         //
                                         Row{"5:5", end, {5}, {4.9, 5.1}, "5:5"},                      //
                                         Row{"-5:-1.5", end, {-5, -1.5}, {-5.1, -1.4, 0}, "-5:-1.5"},  //
                                         Row{"1.5:2.5", end, {1.5, 2.5}, {1.49, 2.51}, "1.5:2.5"},     //
                                         Row{"14", start, {14, 15, 1e9}, {13.99, 0, -3}, "14:"},       //
                                         Row{"0", start, {0, 5}, {-0.01}, "0:"},                       //
                                         Row{"@14", start, {14.1, -1}, {0, 14}, "@14"},                //
                                         Row{"14:", start, {14}, {13.99}, "14:"},                      //
                                         Row{"14:400", start, {14, 400}, {13, 401}, "14:400"}));

class NoRanges : public testing::TestWithParam<std::string> {};

TEST_P(NoRanges, AreRefused) {
  EXPECT_FALSE(parse_range(GetParam(), end)) << GetParam();
  EXPECT_FALSE(parse_range(GetParam(), start)) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Grammar, NoRanges,
                         testing::Values("", ":", "@", "@:", "~", "@~", "abc", "10:abc", "abc:10", "10:20:30", "10 ",
                                         " 10", "10:20 ", "20:10", "@20:10", "1e3", "1e3:", "inf", "nan", "0x10", "10;",
                                         "10,5", "--5", "1-2", "1.2.3", "~:~", "10:~", "+5", "10:\n",
                                         "1234567890123456", "10d", "10%", ".", "-", "-:5"));

}  // namespace
}  // namespace danewatch

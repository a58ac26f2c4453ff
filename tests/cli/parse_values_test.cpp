#include <gtest/gtest.h>

#include "cli/options/parse_values.hpp"

namespace danewatch {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, UnitsAddUp) {
  EXPECT_EQ(parse_duration("500ms").value(), milliseconds{500});
  EXPECT_EQ(parse_duration("5s").value(), milliseconds{5000});
  EXPECT_EQ(parse_duration("1m30s").value(), milliseconds{90000});
  EXPECT_EQ(parse_duration("24h").value(), std::chrono::hours{24});
}

TEST(ParseDuration, ABareNumberIsSeconds) {
  EXPECT_EQ(parse_duration("7").value(), milliseconds{7000});
}

TEST(ParseDuration, RefusesWhatIsNone) {
  for (const auto* text : {"", "s", "-5s", "5x", "1.5s", "5s5", " 5s", "99999999999999999999s", "5 s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(parse_duration("0s").error().message, "must be more than 0");
  EXPECT_EQ(parse_duration("25h").error().message, "is more than a day");
  EXPECT_EQ(parse_duration("5x").error().position, 1u);
}

SysTime at(long long seconds) {
  return SysTime{std::chrono::seconds{seconds}};
}

TEST(ParseTime, Rfc3339WithAZone) {
  EXPECT_EQ(parse_time("2026-01-31T12:00:00Z").value(), at(1769860800));
  EXPECT_EQ(parse_time("2026-01-31T13:00:00+01:00").value(), at(1769860800));
  EXPECT_EQ(parse_time("2026-01-31 06:30:00.25-05:30").value(), at(1769860800));
}

TEST(ParseTime, SecondsSinceTheEpoch) {
  EXPECT_EQ(parse_time("1769860800").value(), at(1769860800));
  EXPECT_EQ(parse_time("2026-01-31").value(), at(1769817600));  // its first moment, UTC
}

TEST(ParseTime, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "tomorrow", "2026-01-32", "2026-01-3", "2026-01-31Z", "2026-01-31T12:00:00", "2026-1-31T12:00:00Z", "-1",
        "2026-01-31T12:00:00+1:00", "2026-01-31T12:00:00Zx", "999999999999999"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
  EXPECT_EQ(parse_time("2026-02-30T12:00:00Z").error().message, "is not a time that exists");
}

}  // namespace
}  // namespace danewatch

#include "exporters/http/stillness.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds settle{500};

TEST(Stillness, AnOldChangeStandsAtOnceAndAYoungOneNot) {
  Stillness stillness(settle);
  const Stillness::Time now;
  EXPECT_FALSE(stillness.stands({"a", milliseconds(499)}, now));
  EXPECT_TRUE(stillness.stands({"b", milliseconds(500)}, now));
}

TEST(Stillness, TwoLooksCountWhereTheAgeSaysNothing) {
  for (const auto age : {std::optional<std::chrono::nanoseconds>(), std::optional<std::chrono::nanoseconds>(-1)}) {
    Stillness stillness(settle);
    Stillness::Time now;
    EXPECT_FALSE(stillness.stands({"a", age}, now));
    EXPECT_FALSE(stillness.stands({"a", age}, now += settle - milliseconds(1)));
    EXPECT_TRUE(stillness.stands({"a", age}, now += milliseconds(1)));
    EXPECT_FALSE(stillness.stands({"b", age}, now += settle)) << "another change";
    EXPECT_FALSE(stillness.stands({"a", age}, now += settle)) << "and back";
    stillness.forget();
    EXPECT_FALSE(stillness.stands({"a", age}, now += settle));
  }
}

TEST(Stillness, SeveralFilesAreAsYoungAsTheYoungest) {
  const FileLook old{"a", milliseconds(900)};
  const FileLook young{"b", milliseconds(3)};
  EXPECT_EQ((old + young), (FileLook{"a|b", milliseconds(3)}));
  EXPECT_EQ((young + old).age, young.age);
  EXPECT_EQ((old + FileLook{}), (FileLook{"a|", std::nullopt})) << "one that is not there";
}

}  // namespace
}  // namespace danewatch

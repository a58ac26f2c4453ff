#include "cli/serve/pulse.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

void look_often(Pulse& pulse, int looks, std::uint64_t turns) {
  for (int i = 0; i < looks; ++i) pulse.look(turns);
}

TEST(Pulse, AThreadThatTurnsIsSteady) {
  Pulse pulse;
  for (std::uint64_t turns = 1; turns < 100; ++turns) {
    pulse.look(turns);
    EXPECT_TRUE(pulse.is_steady()) << turns;
  }
}

TEST(Pulse, FiveLooksWithoutATurnAreASign) {
  Pulse pulse;
  pulse.look(1);
  look_often(pulse, 4, 1);
  EXPECT_TRUE(pulse.is_steady());
  pulse.look(1);
  EXPECT_FALSE(pulse.is_steady());
  EXPECT_FALSE(pulse.has_stopped());
  pulse.look(2);
  EXPECT_TRUE(pulse.is_steady()) << "it turns again";
}

TEST(Pulse, ThirtyLooksWithoutATurnAreTheEnd) {
  Pulse pulse;
  pulse.look(1);
  look_often(pulse, 29, 1);
  EXPECT_FALSE(pulse.has_stopped());
  look_often(pulse, 1, 1);
  EXPECT_TRUE(pulse.has_stopped());
  look_often(pulse, 1000, 1);
  EXPECT_TRUE(pulse.has_stopped());
}

}  // namespace
}  // namespace danewatch

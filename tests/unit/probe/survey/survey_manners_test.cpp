// The manners of a survey: whom it leaves alone, and how many connections it makes at a time.
#include <gtest/gtest.h>

#include "probe/survey/courtesy.hpp"
#include "probe/survey/opt_out.hpp"

namespace danewatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

Address at(std::string_view text) {
  return parse_address(text).value();
}

TEST(OptOutTest, ANameStandsForAllBelowIt) {
  const auto out = OptOut::parse("example.org  # asked on Monday\r\n\n*.example.net\nM\xc3\xbcller.example\n").value();
  EXPECT_TRUE(out.covers("example.org"));
  EXPECT_TRUE(out.covers("mx1.example.org"));
  EXPECT_TRUE(out.covers("example.net"));
  EXPECT_TRUE(out.covers("_25._tcp.mx.example.net"));
  EXPECT_TRUE(out.covers("xn--mller-kva.example"));
  EXPECT_FALSE(out.covers("notexample.org"));
  EXPECT_FALSE(out.covers("org"));
}

TEST(OptOutTest, NetworksAndAddresses) {
  const auto out = OptOut::parse("203.0.113.0/24\n2001:db8::/32\n198.51.100.7\n").value();
  EXPECT_TRUE(out.covers(at("203.0.113.200")));
  EXPECT_TRUE(out.covers(at("2001:db8:1::1")));
  EXPECT_TRUE(out.covers(at("198.51.100.7")));
  EXPECT_FALSE(out.covers(at("198.51.100.8")));
}

TEST(OptOutTest, WhatCannotBeReadIsNotPassedOver) {
  EXPECT_EQ(OptOut::parse("example.org\nexa mple.org\n").error().position, 2U);
  EXPECT_EQ(OptOut::parse("10.0.0.0/99").error().position, 1U);
}

class CourtesyTest : public testing::Test {
 protected:
  static CourtesyLimits limits() {
    CourtesyLimits limits;
    limits.at_a_time = 5;
    limits.per_provider = 3;
    limits.per_network = 2;
    return limits;
  }

  Courtesy courtesy{limits()};
  Courtesy::Moment now{};
};

TEST_F(CourtesyTest, ANetworkGetsFewConnections) {
  const auto first = Courtesy::parties("a.example", at("11.0.0.1"));
  const auto second = Courtesy::parties("b.example", at("11.0.0.2"));
  const auto third = Courtesy::parties("c.example", at("11.0.0.3"));
  courtesy.begin(first);
  courtesy.begin(second);
  ASSERT_NE(courtesy.busy(third), nullptr);
  EXPECT_EQ(*courtesy.busy(third), "network 11.0.0.0/24");
  EXPECT_EQ(courtesy.busy(Courtesy::parties("c.example", at("11.0.1.3"))), nullptr);
  courtesy.end(first);
  EXPECT_EQ(courtesy.busy(third), nullptr);
}

TEST_F(CourtesyTest, AnIpv6NetworkIsA48) {
  const auto one = Courtesy::parties("", at("2a0e:b000:1:1::1"));
  const auto same = Courtesy::parties("", at("2a0e:b000:1:2::1"));
  const auto other = Courtesy::parties("", at("2a0e:b000:2:1::1"));
  courtesy.begin(one);
  courtesy.begin(one);
  EXPECT_NE(courtesy.busy(same), nullptr);
  EXPECT_EQ(courtesy.busy(other), nullptr);
}

TEST_F(CourtesyTest, AProviderGetsFewConnectionsWhereverItsHostsAre) {
  for (const char* address : {"11.0.1.1", "11.0.2.1", "11.0.3.1"})
    courtesy.begin(Courtesy::parties("big.example", at(address)));
  const auto next = Courtesy::parties("big.example", at("11.0.4.1"));
  ASSERT_NE(courtesy.busy(next), nullptr);
  EXPECT_EQ(*courtesy.busy(next), "provider big.example");
  EXPECT_EQ(courtesy.busy(Courtesy::parties("small.example", at("11.0.4.1"))), nullptr);
}

TEST_F(CourtesyTest, TheSurveyAsAWholeIsBounded) {
  for (int i = 1; i <= 5; ++i)
    courtesy.begin(Courtesy::parties("p" + std::to_string(i), at("11.0." + std::to_string(i) + ".1")));
  ASSERT_NE(courtesy.busy(Courtesy::parties("p6", at("11.0.6.1"))), nullptr);
}

TEST_F(CourtesyTest, AnAddressRestsBetweenTwoConnectionsAndNeverInStep) {
  std::vector<milliseconds> rests;
  for (int i = 0; i < 20; ++i) {
    courtesy.visited(at("11.0.0.1"), now, false);
    const auto rest = std::chrono::duration_cast<milliseconds>(courtesy.best_moment(at("11.0.0.1"), now) - now);
    EXPECT_GE(rest, milliseconds(500));
    EXPECT_LE(rest, milliseconds(1500));
    rests.push_back(rest);
  }
  EXPECT_NE(rests.front(), rests.back());
  const auto elsewhere = std::chrono::duration_cast<milliseconds>(courtesy.best_moment(at("11.0.0.2"), now) - now);
  EXPECT_LE(elsewhere, milliseconds(30));
}

TEST_F(CourtesyTest, WhoTurnedUsAwayIsLeftAlone) {
  courtesy.visited(at("11.0.0.1"), now, true);
  EXPECT_TRUE(courtesy.left_alone(at("11.0.0.1"), now + minutes(4)));
  EXPECT_FALSE(courtesy.left_alone(at("11.0.0.1"), now + minutes(16)));
  EXPECT_FALSE(courtesy.left_alone(at("11.0.0.2"), now));
  courtesy.visited(at("11.0.0.3"), now, false);
  EXPECT_FALSE(courtesy.left_alone(at("11.0.0.3"), now));
}

}  // namespace
}  // namespace danewatch

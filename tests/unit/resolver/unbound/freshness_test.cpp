#include "resolver/unbound/freshness.hpp"

#include <gtest/gtest.h>

#include "resolver/unbound/resolver.hpp"
#include "tests/support/ask.hpp"
#include "tests/support/signed_world.hpp"

namespace danewatch {
namespace {
using namespace std::chrono_literals;

const Freshness::Wall noon{1'701'000'000s};
const Freshness::Steady start{1000s};

Answer about(std::string name, RrType type, Status status) {
  Answer answer;
  answer.question = {std::move(name), type};
  answer.status = status;
  return answer;
}

TEST(Freshness, AStepBackOfTheWallClockEndsTheCache) {
  Freshness freshness;
  freshness.begin(noon, start);
  EXPECT_FALSE(freshness.must_renew(noon + 10s, start + 10s));
  EXPECT_TRUE(freshness.must_renew(noon + 10s - 2h, start + 11s));
  EXPECT_TRUE(freshness.must_renew(noon + 10s - 2h, start + 12s)) << "until it is done";
  freshness.begin(noon + 10s - 2h, start + 12s);
  EXPECT_FALSE(freshness.must_renew(noon + 11s - 2h, start + 13s));
}

TEST(Freshness, WhatAdjustsAClockWithoutAStepDoesNot) {
  Freshness freshness;
  freshness.begin(noon, start);
  for (int hour = 1; hour < 50; ++hour) {
    EXPECT_FALSE(freshness.must_renew(noon + hour * (3600s - 1s), start + hour * 3600s)) << hour;
  }
}

TEST(Freshness, AStepAheadOrASleepOnlyLetsAnswersGoSooner) {
  Freshness freshness;
  freshness.begin(noon, start);
  EXPECT_FALSE(freshness.must_renew(noon + 24h, start + 1s));
}

// libunbound takes all names for broken for a minute where the root's keys did not come.
TEST(Freshness, ARootOutOfReachIsTriedAnewSoon) {
  Freshness freshness;
  freshness.begin(noon, start);
  freshness.note(about("example.org", RrType::dnskey, Status::failed));
  freshness.note(about(".", RrType::ns, Status::failed));
  EXPECT_FALSE(freshness.must_renew(noon + 9s, start + 9s));
  freshness.note(about(".", RrType::dnskey, Status::failed));
  EXPECT_TRUE(freshness.must_renew(noon + 9s, start + 9s));
  freshness.begin(noon + 9s, start + 9s);
  freshness.note(about(".", RrType::dnskey, Status::bogus));
  EXPECT_FALSE(freshness.must_renew(noon + 10s, start + 10s)) << "not too often";
  EXPECT_TRUE(freshness.must_renew(noon + 14s, start + 14s));
  freshness.note(about(".", RrType::dnskey, Status::secure));
  EXPECT_FALSE(freshness.must_renew(noon + 15s, start + 15s));
}

zones::ZoneSpec zone_with(const std::string& address) {
  zones::ZoneSpec spec;
  spec.origin = "good.lab";
  spec.text = "www 3600 IN A " + address + "\n";
  return spec;
}

// The world changes; who has the old answer keeps it, and drops it when the clock is set back.
TEST(Freshness, AResolverWhoseClockIsSetBackAsksAgain) {
  SignedWorld world;
  auto before = zone_with("192.0.2.1");
  before.key = zones::make_zone_key();
  world.add(before);
  const ResolverOptions options = world.build();
  boost::asio::io_context io;
  std::chrono::seconds set_back{0};
  UnboundResolver resolver(io.get_executor(), options, [&] { return std::chrono::system_clock::now() - set_back; });
  const Question question{"www.good.lab", RrType::a};
  const auto text = [&] { return ask(io, resolver, question).data.at(0).text; };
  EXPECT_EQ(text(), "192.0.2.1");
  auto after = zone_with("192.0.2.2");
  after.key = before.key;
  world.write("good.lab.zone", zones::sign_zone(after).text);
  EXPECT_EQ(text(), "192.0.2.1");
  set_back = 2h;
  EXPECT_EQ(text(), "192.0.2.2");
}

TEST(Freshness, AResolverThatForgetsAsksAgain) {
  SignedWorld world;
  auto before = zone_with("192.0.2.1");
  before.key = zones::make_zone_key();
  world.add(before);
  const ResolverOptions options = world.build();
  boost::asio::io_context io;
  UnboundResolver resolver(io.get_executor(), options);
  const Question question{"www.good.lab", RrType::a};
  EXPECT_EQ(ask(io, resolver, question).data.at(0).text, "192.0.2.1");
  auto after = zone_with("192.0.2.2");
  after.key = before.key;
  world.write("good.lab.zone", zones::sign_zone(after).text);
  resolver.forget();
  EXPECT_EQ(ask(io, resolver, question).data.at(0).text, "192.0.2.2");
}

}  // namespace
}  // namespace danewatch

// Targets that share a server: what is seen there once serves all of them, for a while.
#include "probe/judgement/judge.hpp"
#include "tests/support/probe_fixture.hpp"

namespace danewatch {
namespace {

using namespace test;

// The customers of one provider: their server is looked at once.
TEST_F(ProbeTest, TargetsThatShareAServerShareWhatIsSeenThere) {
  options.share_for = std::chrono::minutes(5);
  world.secure("customer.example MX", {"10 mx1.example.org"});
  serve("11.0.0.1");
  const auto alone = facts_of(run()).hosts.front().endpoints;
  const std::size_t looks_of_one = servers.looks().size();
  const auto reports = run_all_of({"example.org", "customer.example"});
  EXPECT_EQ(servers.looks().size(), 2 * looks_of_one);
  for (const Report& report : reports) {
    EXPECT_EQ(facts_of(report).hosts.front().endpoints, alone);
    EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  }
}

TEST_F(ProbeTest, WhatIsSeenIsSharedForAWhileOnlyAndByOneNameOnly) {
  options.share_for = std::chrono::seconds(10);
  options.policy.views = Views::standard;
  servers.takes_time(clock, std::chrono::seconds(10));
  world.secure("other.example MX", {"10 mx2.example.org"}).secure("mx2.example.org A", {"11.0.0.1"});
  serve("11.0.0.1");
  run_all_of({"example.org", "example.org"});
  EXPECT_EQ(servers.looks().size(), 1U);  // kept from the end of the look
  run_all_of({"example.org", "other.example", "example.org"});
  ASSERT_EQ(servers.looks().size(), 4U);
  EXPECT_EQ(servers.looks()[2].endpoint.sni, "mx2.example.org");
}

TEST_F(ProbeTest, ALookOfWhichNothingIsKnownIsNotShared) {
  options.share_for = std::chrono::minutes(5);
  servers.plays(fails("11.0.0.1", Stage::connect, Fault::no_descriptor).tls);
  run_all_of({"example.org", "example.org"});
  EXPECT_EQ(servers.looks().size(), 2U);
}

}  // namespace
}  // namespace danewatch

// When the name servers of a target are asked again.
#include "cli/serve/server_memory.hpp"

#include <gtest/gtest.h>

#include "tests/support/finding_cases_servers.hpp"

namespace danewatch {
namespace {

using namespace std::chrono_literals;

DnsEvidence dns_with(const std::string& data) {
  DnsEvidence dns;
  dns.located = Located::dane;
  HostEvidence& host = dns.hosts.emplace_back();
  host.located = Located::dane;
  host.lookups = {test::answer(test::owner, RrType::tlsa, Status::secure, {data})};
  return dns;
}

Report report_at(SysTime at, const std::vector<std::string>& other = {"3 1 1 " + test::digest('a')}) {
  Report report;
  report.servers = test::asked({test::server(1, 7, {"3 1 1 " + test::digest('a')}), test::server(2, 7, other)});
  report.servers.at = at;
  return report;
}

class ServerMemoryTest : public testing::Test {
 protected:
  bool asks(const std::string& target, const DnsEvidence& dns, SysTime now) {
    return !memory.known(target, dns, pace, now).has_value();
  }

  ServerMemory memory;
  ServerMemory::Pace pace{1h, 10};
  const SysTime begin = test::noon();
  const DnsEvidence same = dns_with("3 1 1 aa");
};

TEST_F(ServerMemoryTest, WhatIsKnownHoldsForAnInterval) {
  EXPECT_TRUE(asks("a", same, begin));
  memory.remember("a", report_at(begin));
  const auto known = memory.known("a", same, pace, begin + 50min);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->at, begin);
  EXPECT_EQ(known->zones.size(), 1U);
  EXPECT_TRUE(asks("a", same, begin + 61min));
}

TEST_F(ServerMemoryTest, AChangeIsLookedAtAtOnce) {
  EXPECT_TRUE(asks("a", same, begin));
  memory.remember("a", report_at(begin));
  EXPECT_FALSE(asks("a", same, begin + 1min));
  EXPECT_TRUE(asks("a", dns_with("3 1 1 bb"), begin + 2min));
}

TEST_F(ServerMemoryTest, TroubleIsLookedAtSooner) {
  EXPECT_TRUE(asks("a", same, begin));
  Report report = report_at(begin);
  report.findings.push_back(make_finding("server-differs", "ns2", "It differs.", ""));
  memory.remember("a", report);
  EXPECT_FALSE(asks("a", same, begin + 4min));
  EXPECT_TRUE(asks("a", same, begin + 5min));
}

TEST_F(ServerMemoryTest, TargetsTakeTurns) {
  int asked = 0;
  for (int i = 0; i < 100; ++i) asked += asks("t" + std::to_string(i), same, begin) ? 1 : 0;
  EXPECT_EQ(asked, 1) << "ten targets in an hour need no more than one in a second";
  const auto nothing = memory.known("t99", same, pace, begin);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->asked, NameServers::Asked::no) << "unknown, until it is its turn";
  EXPECT_TRUE(asks("t99", same, begin + 1s));
}

TEST_F(ServerMemoryTest, EveryTargetHasItsTurnWithinTheInterval) {
  pace.targets = 100'000;
  int asked = 0;
  for (int i = 0; i < 1000; ++i) asked += asks("t" + std::to_string(i), same, begin) ? 1 : 0;
  EXPECT_GE(asked, 100'000 / 3600);
}

TEST_F(ServerMemoryTest, WhoIsNoTargetAnyMoreIsForgotten) {
  EXPECT_TRUE(asks("a", same, begin));
  memory.remember("a", report_at(begin));
  memory.forget_others({"b"});
  EXPECT_TRUE(asks("a", same, begin + 1min));
}

}  // namespace
}  // namespace danewatch

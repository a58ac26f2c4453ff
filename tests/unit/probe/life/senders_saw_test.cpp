// From many reports to what was reported about one target, and to counters.
#include "probe/life/senders_saw.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/life/sender_totals.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;
using namespace test;

SenderReport report(const std::string& key, SenderPolicy policy, int days_ago = 1) {
  SenderReport result;
  result.key = result.id = key;
  result.signed_by = "sender.example";
  result.begin = std::chrono::floor<std::chrono::days>(noon()) - std::chrono::days(days_ago);
  result.end = result.begin + std::chrono::hours(24);
  result.policies = {std::move(policy)};
  return result;
}

SenderPolicy policy(const std::string& domain, std::uint64_t failed = 0, std::vector<SenderFailure> failures = {}) {
  SenderPolicy result;
  result.type = SenderPolicyType::tlsa;
  result.domain = domain;
  result.strings = {"3 1 1 aa"};
  result.successful = 10;
  result.failed = failed;
  result.failures = std::move(failures);
  return result;
}

SenderFailure failure(const std::string& result_type, std::uint64_t sessions) {
  SenderFailure result;
  result.result_type = result_type;
  result.sessions = sessions;
  result.mx_host = "mx1.example.org";
  return result;
}

TEST(SendersSawOfATarget, JoinsWhatIsSaidOfTheDomainAndOfItsServersNewestFirst) {
  SenderTally tally;
  tally.add(report("1", policy("example.org", 2, {failure("tlsa-invalid", 2)}), 2), true);
  tally.add(report("2", policy("mx1.example.org", 1, {failure("tlsa-invalid", 1)}), 2), true);
  tally.add(report("3", policy("example.org")), true);
  tally.add(report("4", policy("other.example", 9)), true);
  const SendersSaw saw = senders_saw(tally, {"example.org", "mx1.example.org"}, true);
  ASSERT_EQ(saw.days.size(), 2U);
  EXPECT_EQ(saw.days[0].sessions, (SenderSessions{10, 0}));
  EXPECT_EQ(saw.days[1].sessions, (SenderSessions{20, 3}));
  EXPECT_EQ(saw.days[1].reports, 2U);
  EXPECT_THAT(saw.days[1].troubles,
              ElementsAre(ToldTrouble{
                  {"tlsa-invalid", "mx1.example.org", SenderPolicyType::tlsa, {"3 1 1 aa"}}, 3, {"sender.example"}}));
}

TEST(SendersSawOfATarget, WhatNobodyVouchesForStandsInDaysOfItsOwn) {
  SenderTally tally;
  tally.add(report("1", policy("example.org", 2)), false);
  tally.add(report("2", policy("example.org")), true);
  const SendersSaw saw = senders_saw(tally, {"example.org"}, true);
  ASSERT_EQ(saw.days.size(), 2U);
  EXPECT_TRUE(saw.days[0].believed);
  EXPECT_FALSE(saw.days[1].believed);
}

TEST(SendersSawOfATarget, FailuresThatAreNotListedAreToldAllTheSame) {
  SenderTally tally;
  tally.add(report("1", policy("example.org", 5, {failure("tlsa-invalid", 2)})), true);
  const SendersSaw saw = senders_saw(tally, {"example.org"}, true);
  ASSERT_EQ(saw.days.size(), 1U);
  ASSERT_EQ(saw.days[0].troubles.size(), 2U);
  EXPECT_EQ(saw.days[0].troubles[0].trouble.result_type, "");
  EXPECT_EQ(saw.days[0].troubles[0].sessions, 3U);
}

TEST(SendersSawOfATarget, IsBounded) {
  SenderTally tally;
  for (int i = 0; i < 300; ++i) {
    SenderReport each = report(std::to_string(i), policy("example.org", 1, {failure(fmt::format("kind-{}", i), 1)}));
    each.signed_by = fmt::format("s{}.example", i);
    tally.add(each, true);
  }
  const SendersSaw saw = senders_saw(tally, {"example.org"}, true);
  ASSERT_EQ(saw.days.size(), 1U);
  EXPECT_EQ(saw.days[0].senders.size(), SenderDays::most_senders);
  EXPECT_EQ(saw.days[0].troubles.size(), SenderDays::most_troubles);
  EXPECT_EQ(saw.days[0].sessions.failed, 300U);
}

// Who forges a flood of reports must not keep the true ones out.
TEST(SenderTallyOfForgeries, TakeNoRoomFromWhatIsBelieved) {
  SenderTally tally;
  for (std::size_t i = 0; i <= SenderTally::most_days; ++i) {
    const std::string domain = fmt::format("d{}.example", i);
    tally.add(report(domain, policy(domain, 1, {failure("tlsa-invalid", 1)})), false);
  }
  EXPECT_EQ(tally.days().size(), SenderTally::most_days);
  tally.add(report("1", policy("example.org", 1, {failure("tlsa-invalid", 1)})), true);
  const SendersSaw saw = senders_saw(tally, {"example.org"}, true);
  ASSERT_EQ(saw.days.size(), 1U);
  EXPECT_EQ(saw.days[0].troubles.size(), 1U);
}

TEST(SenderTallyOverTime, WhatIsForgottenMayComeAgain) {
  SenderTally tally;
  const auto old = report("1", policy("example.org", 1, {failure("tlsa-invalid", 1)}), 20);
  EXPECT_TRUE(tally.add(old, true));
  EXPECT_FALSE(tally.add(old, true));
  tally.forget_before(std::chrono::floor<std::chrono::days>(noon()) - std::chrono::days(14));
  EXPECT_THAT(tally.days(), IsEmpty());
  EXPECT_TRUE(tally.add(old, true));
}

TEST(NamesInReports, AreTheDomainAndItsServers) {
  DnsEvidence dns;
  HostEvidence host;
  host.host = "mx1.example.org";
  host.base_domain = "real.example.net";
  dns.hosts = {host};
  const auto names = [&](const char* text) { return names_in_reports(parse_targets(text)->front(), dns); };
  EXPECT_THAT(names("example.org"), UnorderedElementsAre("example.org", "mx1.example.org", "real.example.net"));
  EXPECT_THAT(names("https://www.example.org"), IsEmpty());
  EXPECT_THAT(names("11.0.0.1:25"), IsEmpty());
}

TEST(SenderTotalsOfADomain, CountByResult) {
  SenderTotals totals;
  totals.add(report("1", policy("example.org", 6, {failure("tlsa-invalid", 2), failure("out-of-tea", 1)})));
  totals.add(report("2", policy("example.org"), 3));
  const SenderTotal& total = totals.domains().at("example.org");
  EXPECT_THAT(total.sessions, UnorderedElementsAre(Pair("success", 20), Pair("tlsa-invalid", 2), Pair("other", 4)));
  EXPECT_EQ(total.last_report, std::chrono::floor<std::chrono::days>(noon()));
}

}  // namespace
}  // namespace danewatch

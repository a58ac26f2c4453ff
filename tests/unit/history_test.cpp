#include "probe/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

std::shared_ptr<const Report> ended(int minute, Verdict verdict, Severity severity) {
  Report report;
  report.at = test::noon() + std::chrono::minutes(minute);
  report.judgement.conclusion = {verdict, Reason::none};
  report.judgement.severity = severity;
  return std::make_shared<const Report>(std::move(report));
}

TEST(History, RemembersSinceWhenTheVerdictHolds) {
  History history;
  record(history, ended(0, Verdict::authenticated, Severity::ok));
  record(history, ended(1, Verdict::dns_bogus, Severity::critical));
  record(history, ended(2, Verdict::dns_bogus, Severity::critical));
  EXPECT_EQ(history.since, test::noon() + std::chrono::minutes(1));
  EXPECT_EQ(history.last_success, test::noon());
  EXPECT_EQ(history.latest->at, test::noon() + std::chrono::minutes(2));
  EXPECT_EQ(history.entries.size(), 3U);
}

// A left-over record appears while mail is still authenticated: the operator asks since when it stands there.
TEST(History, ChangeOfSeverityIsAChange) {
  History history;
  record(history, ended(0, Verdict::authenticated, Severity::ok));
  record(history, ended(1, Verdict::authenticated, Severity::warning));
  EXPECT_EQ(history.since, test::noon() + std::chrono::minutes(1));
}

TEST(History, NothingIsKnownBeforeTheFirstRun) {
  const History history;
  EXPECT_EQ(history.latest, nullptr);
  EXPECT_FALSE(history.since);
  EXPECT_FALSE(history.last_success);
}

TEST(History, FailuresStayLongerThanGoodRuns) {
  History history;
  const HistoryLimits limits{.recent = 5, .failures = 2};
  record(history, ended(0, Verdict::mismatch, Severity::critical), limits);
  for (int minute = 1; minute < 100; ++minute) {
    record(history, ended(minute, Verdict::authenticated, Severity::ok), limits);
  }
  ASSERT_EQ(history.entries.size(), 6U);
  EXPECT_EQ(history.entries.front().at, test::noon());
  EXPECT_EQ(history.entries.back().at, test::noon() + std::chrono::minutes(99));
}

TEST(History, IsBoundedAlsoWhenEveryRunFails) {
  History history;
  const HistoryLimits limits{.recent = 5, .failures = 2};
  for (int minute = 0; minute < 100; ++minute) {
    record(history, ended(minute, Verdict::mismatch, Severity::critical), limits);
  }
  ASSERT_EQ(history.entries.size(), 7U);
  EXPECT_EQ(history.entries.front().at, test::noon() + std::chrono::minutes(93));
  EXPECT_TRUE(std::ranges::is_sorted(history.entries, {}, &HistoryEntry::at));
}

TEST(History, AnInfoIsNoWorstFinding) {
  Report report;
  Finding finding;
  finding.code = "dns-ttl";
  report.judgement.findings = {finding};
  EXPECT_EQ(history_entry(report).worst_finding, "");
  report.judgement.findings[0].severity = Severity::warning;
  EXPECT_EQ(history_entry(report).worst_finding, "dns-ttl");
}

}  // namespace
}  // namespace danewatch

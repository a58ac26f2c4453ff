#include "probe/life/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

std::shared_ptr<const Report> ended(int minute, Verdict verdict, Severity severity) {
  Report report;
  report.at = test::noon() + std::chrono::minutes(minute);
  report.conclusion = {verdict, Reason::none};
  report.severity = severity;
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

Report with_records(int minute, Located located, const std::vector<std::pair<std::string, Cell>>& records) {
  Report report;
  report.at = test::noon() + std::chrono::minutes(minute);
  report.walk.located = Located::dane;
  HostReport& host = report.hosts.emplace_back();
  host.dns.host = "mx.example";
  host.dns.located = located;
  auto& cells = host.endpoints.emplace_back().cells;
  for (const auto& [text, cell] : records) {
    host.records.push_back({*parse_tlsa("3 1 1 " + text), RecordState::unknown, std::nullopt, host.records.size()});
    cells.push_back(cell);
  }
  return report;
}

std::optional<RecordTimes> times_of(const History& history, const std::string& data) {
  HostEvidence host;
  host.host = "mx.example";
  const auto found = history.records.find(record_key(host, *parse_tlsa("3 1 1 " + data)));
  return found == history.records.end() ? std::nullopt : std::optional(found->second);
}

TEST(History, RemembersWhenARecordCameAndWhenItLastMatched) {
  const auto at = [](int minute) { return test::noon() + std::chrono::minutes(minute); };
  const auto noted = [](History& history, Report report) {
    record(history, std::make_shared<const Report>(std::move(report)));
  };
  History history;
  noted(history, with_records(0, Located::dane, {{"aa", Cell::match}}));
  noted(history, with_records(1, Located::dane, {{"bb", Cell::no_match}, {"aa", Cell::match}}));
  noted(history, with_records(2, Located::dane, {{"aa", Cell::no_match}, {"bb", Cell::match}}));
  EXPECT_EQ(times_of(history, "aa"), (RecordTimes{at(0), at(1)}));
  EXPECT_EQ(times_of(history, "bb"), (RecordTimes{at(1), at(2)}));
  noted(history, with_records(3, Located::bogus, {}));
  EXPECT_EQ(times_of(history, "aa"), (RecordTimes{at(0), at(1)})) << "nobody could ask for it: it is not gone";
  noted(history, with_records(4, Located::dane, {{"bb", Cell::shadowed}}));
  EXPECT_EQ(times_of(history, "aa"), std::nullopt);
  EXPECT_EQ(times_of(history, "bb"), (RecordTimes{at(1), at(2)})) << "no client would have taken it";
  noted(history, with_records(5, Located::dane, {{"aa", Cell::no_match}}));
  EXPECT_EQ(times_of(history, "aa"), (RecordTimes{at(5), std::nullopt})) << "it has come again";
  Report elsewhere;
  elsewhere.walk.located = Located::dane;
  noted(history, std::move(elsewhere));
  EXPECT_TRUE(history.records.empty()) << "its host is no host of the target any more";
}

TEST(History, RecordsAreBounded) {
  History history;
  std::vector<std::pair<std::string, Cell>> many;
  for (int i = 0; i < 20; ++i) many.emplace_back("aa" + std::to_string(10 + i), Cell::no_match);
  record(history, std::make_shared<const Report>(with_records(0, Located::dane, many)), {.records = 7});
  EXPECT_EQ(history.records.size(), 7U);
}

TEST(History, AnInfoIsNoWorstFinding) {
  Report report;
  Finding finding;
  finding.code = "dns-ttl";
  report.findings = {finding};
  EXPECT_EQ(history_entry(report).worst_finding, "");
  report.findings[0].severity = Severity::warning;
  EXPECT_EQ(history_entry(report).worst_finding, "dns-ttl");
}

}  // namespace
}  // namespace danewatch

// Results of a survey as lines, what they add up to, and the mails that follow from them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/survey/line.hpp"
#include "exporters/survey/notice.hpp"
#include "exporters/survey/progress.hpp"
#include "exporters/survey/summary.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string last_two_labels(const std::string& host) {
  const auto dot = host.rfind('.', host.rfind('.') - 1);
  return dot == std::string::npos ? host : host.substr(dot + 1);
}

SurveyResult good(std::string domain, std::string host = "mx.big.example") {
  SurveyResult result;
  result.domain = std::move(domain);
  result.at = test::noon();
  result.conclusion = {Verdict::authenticated, Reason::none};
  result.severity = Severity::ok;
  result.impact = Impact::protected_;
  result.algorithms = {"ECDSAP256SHA256 (13)"};
  SurveyHost& at = result.hosts.emplace_back();
  at.name = std::move(host);
  at.provider = last_two_labels(at.name);
  at.conclusion = result.conclusion;
  at.addresses = {"11.0.0.1"};
  at.records = {{"3 1 1", RecordState::current}, {"2 0 1", RecordState::unmatched}};
  at.expires = test::noon() + std::chrono::hours(24);
  return result;
}

SurveyResult broken(std::string domain, std::string host = "mx.small.example") {
  SurveyResult result = good(std::move(domain), std::move(host));
  result.conclusion = {Verdict::mismatch, Reason::no_match};
  result.severity = Severity::critical;
  result.impact = Impact::deferred;
  result.findings = {
      {"tlsa-mismatch", Severity::critical, result.hosts[0].name, "No TLSA record matches.", "Publish 3 1 1."},
      {"tlsa-unmatched", Severity::info, result.hosts[0].name, "", ""}};
  return result;
}

TEST(SurveyLine, IsReadBack) {
  for (const SurveyResult& result : {good("a.example"), broken("b.example")})
    EXPECT_EQ(parse_survey_line(to_survey_line(result)).value(), result);
  const std::string with_report = to_survey_line(good("a.example"), {"report", "{\"x\":{}}"});
  EXPECT_THAT(with_report, HasSubstr(",\"report\":{\"x\":{}}}"));
  EXPECT_EQ(parse_survey_line(with_report).value(), good("a.example"));
}

TEST(SurveyLine, EveryVerdictAndReasonComesBack) {
  for (int reason = 0; reason <= static_cast<int>(Reason::refused_by_policy); ++reason) {
    SurveyResult result = good("a.example");
    result.conclusion = {Verdict::unknown, static_cast<Reason>(reason)};
    EXPECT_EQ(parse_survey_line(to_survey_line(result)).value().conclusion, result.conclusion);
  }
}

TEST(SurveyLine, WhatIsNoResultIsAnError) {
  for (const char* wrong :
       {"", "{", "[]", "{}", "{\"domain\":\"a\"}", "{\"domain\":\"a\",\"at\":\"today\",\"verdict\":\"unknown\"}",
        "{\"domain\":\"a\",\"at\":\"2026-13-01T00:00:00Z\",\"verdict\":\"unknown\"}"})
    EXPECT_FALSE(parse_survey_line(wrong)) << wrong;
}

TEST(SurveyLine, AReportMadeSmall) {
  for (const auto& [name, report] : samples::reports()) {
    const SurveyResult result = result_of(report, {}, last_two_labels, {});
    EXPECT_EQ(result.conclusion, report.conclusion) << name;
    EXPECT_EQ(result.hosts.size(), report.hosts.size()) << name;
    // Octets that are no UTF-8 do not survive the first line; what is read from it survives the second.
    const SurveyResult once = parse_survey_line(to_survey_line(result)).value();
    EXPECT_EQ(parse_survey_line(to_survey_line(once)).value(), once) << name;
    EXPECT_EQ(once.hosts.size(), result.hosts.size()) << name;
  }
}

TEST(SurveyTally, CountsDomainsForWhatTheyAreAndHostsOnce) {
  Counter counter;
  for (int i = 0; i < 10; ++i) counter.add(good("d" + std::to_string(i) + ".example"));
  counter.add(broken("x.example"));
  const Tally tally = counter.take();
  EXPECT_EQ(tally.domains, 11U);
  EXPECT_EQ(tally.verdicts, (Counts{{"authenticated", 10}, {"mismatch/no-match", 1}}));
  EXPECT_EQ(tally.hosts, 2U);
  EXPECT_EQ(tally.parameters, (Counts{{"3 1 1", 2}, {"2 0 1", 2}}));
  EXPECT_EQ(tally.usages, (Counts{{"2", 2}, {"3", 2}}));
  EXPECT_EQ(tally.digests, (Counts{{"1", 4}}));
  EXPECT_EQ(tally.expiring.size(), 2U);
  EXPECT_EQ(tally.findings, (Counts{{"tlsa-mismatch", 1}, {"tlsa-unmatched", 1}}));
  EXPECT_EQ(largest_providers(tally, 1).front().first, "big.example");
  EXPECT_EQ(largest_providers(tally, 1).front().second, (ProviderCount{10, 10, 0}));
}

TEST(SurveyTally, TwoRunsAreCompared) {
  SurveyResult plain = good("plain.example");
  plain.conclusion = {Verdict::not_applicable, Reason::no_tlsa};
  plain.severity = Severity::warning;
  SurveyResult unknown = good("unseen.example");
  unknown.conclusion = {Verdict::unknown, Reason::deadline};
  Verdicts before;
  for (const auto& each : {good("breaks.example"), broken("mends.example"), plain, good("stays.example"),
                           broken("gone.example"), good("unseen.example")})
    before.add(each);
  before.sort();
  RunComparer comparer(before);
  for (const auto& each : {broken("breaks.example"), good("mends.example"), good("plain.example"),
                           good("stays.example"), good("new.example"), unknown})
    comparer.add(each);
  const RunComparison compared = comparer.take();
  EXPECT_EQ(compared.broken_domains, std::vector<std::string>{"breaks.example"});
  EXPECT_EQ(compared.mended_domains, std::vector<std::string>{"mends.example"});
  EXPECT_EQ(compared.gained_domains, std::vector<std::string>{"plain.example"});
  EXPECT_EQ(compared.lost, 0U);
  EXPECT_EQ(compared.both, 5U);
  EXPECT_EQ(compared.only_now, 1U);
  EXPECT_EQ(compared.only_before, 1U);
}

SurveySummary summary_of(const std::vector<SurveyResult>& results) {
  Counter counter;
  for (const SurveyResult& result : results) counter.add(result);
  return {counter.take(), std::nullopt};
}

TEST(SurveySummaryTest, SaysTheSameInEveryForm) {
  const auto summary = summary_of({good("a.example"), good("b.example"), broken("c.example")});
  EXPECT_THAT(to_summary_text(summary), HasSubstr("2   66.7 %  authenticated"));
  EXPECT_THAT(to_summary_json(summary), HasSubstr("\"verdicts\":{\"authenticated\":2,\"mismatch/no-match\":1}"));
  EXPECT_THAT(to_summary_page(summary), HasSubstr("2 (66.7 %)"));
}

TEST(SurveySummaryTest, WhatTheNetworkSaysIsHarmless) {
  auto hostile = broken("<script>alert(1)</script>", "\x1b[2Jmx.<b>.example");
  hostile.algorithms = {"\"><img src=x>"};
  const auto summary = summary_of({hostile});
  const std::string page = to_summary_page(summary);
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(to_summary_text(summary), Not(HasSubstr("\x1b")));
  EXPECT_THAT(page, Not(HasSubstr("http://")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(SurveySummaryTest, OfNothingIsNothing) {
  const auto summary = summary_of({});
  EXPECT_THAT(to_summary_text(summary), HasSubstr("0 domains"));
  EXPECT_THAT(to_summary_page(summary), HasSubstr("</html>"));
}

TEST(SurveyNotices, OneMailPerOperatorAndTheWorstFirst) {
  Notices notices(last_two_labels);
  for (int i = 0; i < 30; ++i) notices.add(broken("d" + std::to_string(i) + ".example", "mx1.small.example"));
  notices.add(broken("one.example", "mx.other.example"));
  notices.add(good("good.example"));
  const auto all = notices.take();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].operator_domain, "small.example");
  EXPECT_EQ(all[0].complaints.front().domains, 30U);
  const std::string mail = to_mail(all[0]);
  EXPECT_THAT(mail, testing::StartsWith("To: postmaster@small.example\nSubject: "));
  EXPECT_THAT(mail, HasSubstr("No TLSA record matches."));
  EXPECT_THAT(mail, HasSubstr("What to do: Publish 3 1 1."));
  EXPECT_THAT(mail, HasSubstr("Concerns 30 mail domains:"));
}

TEST(SurveyNotices, AMailHoldsNoHeaderOfTheirs) {
  Notices notices(last_two_labels);
  auto hostile = broken("a.example", "mx.evil.example");
  hostile.findings[0].text = "said: x\r\nBcc: everybody@example.org\r\n\x1b[2J";
  notices.add(hostile);
  const std::string mail = to_mail(notices.take().front());
  EXPECT_THAT(mail, Not(HasSubstr("\nBcc:")));
  EXPECT_THAT(mail, Not(HasSubstr("\x1b")));
}

TEST(SurveyNotices, OfWhatWasNotSeenNothingIsTold) {
  Notices notices(last_two_labels);
  auto unknown = broken("a.example");
  unknown.conclusion = {Verdict::unknown, Reason::local_limit};
  notices.add(unknown);
  EXPECT_TRUE(notices.take().empty());
}

TEST(SurveyProgressLine, SaysWhenItWillBeOver) {
  SurveyProgress progress;
  progress.done = 1200;
  progress.here = 200;
  progress.total = 31200;
  progress.in_flight = 256;
  progress.running = std::chrono::seconds(10);
  EXPECT_EQ(progress_line(progress), "1200 of 31200 names, 20 a second, 256 in flight, 25 min left");
  EXPECT_EQ(in_words(std::chrono::seconds(12000)), "3 h 20 min");
  EXPECT_EQ(progress_line({}), "0 of 0 names, 0 a second, 0 in flight");
}

TEST(SurveyProgressLine, SaysWhatIsWrongWithThisMachine) {
  SurveyProgress progress;
  progress.done = 10;
  progress.total = 100;
  progress.to_try_again = 3;
  progress.slowed_to = 4;
  EXPECT_EQ(progress_line(progress),
            "10 of 100 names, 0 a second, 0 in flight, 3 to be asked again; this machine was late: 4 at a time");
  progress.slowed_to.reset();
  progress.network_is_away = true;
  EXPECT_EQ(progress_line(progress),
            "no server out there answers: waiting for this machine's network; 10 of 100 names, 0 a second, 0 in "
            "flight, 3 to be asked again");
}

}  // namespace
}  // namespace danewatch

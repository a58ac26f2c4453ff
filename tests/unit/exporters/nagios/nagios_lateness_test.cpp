// What a plugin says when the end of the time came before that of the work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/nagios/nagios.hpp"
#include "probe/judgement/judge.hpp"
#include "probe/judgement/lateness.hpp"
#include "tests/support/recalling_matcher.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::nagios {
namespace {

using test::HostBuilder;
using test::ReportBuilder;
using testing::EndsWith;
using testing::StartsWith;

std::string words_of(const Output& output) {
  const std::string line = output.text.substr(0, output.text.find('\n'));
  return line.substr(0, line.find(" | "));
}

// The same facts as the plugin's policy makes them.
Report under(Report report, const Policy& policy) {
  report.policy = policy;
  return test::judged_again(report);
}

Report late(Conclusion conclusion, const TimeLimit& limit) {
  Report report = samples::all_good();
  report.run.complete = false;
  report.conclusion = conclusion;
  report.policy.time_limit = limit;
  report.severity = weigh(report);
  report.summary = "so far";
  return report;
}

struct LateRow {
  Conclusion conclusion;
  Severity wanted;  // by the operator
  State state;      // in the end
};

class Lateness : public testing::TestWithParam<LateRow> {};

// What was found out in time stands; what only the end of the time says is the operator's.
TEST_P(Lateness, EndsInTheOperatorsStateUnlessFactsAreWorse) {
  TimeLimit limit;
  limit.when_over = GetParam().wanted;
  const Output output = to_nagios(late(GetParam().conclusion, limit), {});
  EXPECT_EQ(output.state, GetParam().state);
  if (GetParam().state == state_of(GetParam().wanted)) {
    EXPECT_THAT(words_of(output), EndsWith(" - timed out after 10 s: so far"));
  } else {
    EXPECT_THAT(words_of(output), EndsWith(" - so far"));
  }
}

constexpr Conclusion no_answer{Verdict::tempfail, Reason::connect};
constexpr Conclusion no_time{Verdict::unknown, Reason::deadline};
constexpr Conclusion no_match{Verdict::mismatch, Reason::no_match};

INSTANTIATE_TEST_SUITE_P(Nagios, Lateness,
                         testing::Values(LateRow{no_answer, Severity::critical, State::critical},
                                         LateRow{no_answer, Severity::unknown, State::unknown},
                                         LateRow{no_answer, Severity::warning, State::warning},
                                         LateRow{no_time, Severity::critical, State::critical},
                                         LateRow{no_time, Severity::ok, State::ok},
                                         LateRow{no_match, Severity::unknown, State::critical},
                                         LateRow{no_match, Severity::ok, State::critical}));

// What was seen is good, and only half a look is missing: that is a warning, not the state for knowing nothing.
TEST(Nagios, ARunThatKnowsSomethingIsAsBadAsWhatItKnows) {
  const auto words = [](Severity when_over) {
    Report report = samples::all_good();
    report.hosts.front().endpoints.front().seen.unobserved_views = {View::rsa};
    report.run.complete = false;
    Policy policy;
    policy.time_limit = TimeLimit{std::chrono::seconds(10), when_over, false};
    const Output output = to_nagios(under(report, policy), {});
    return words_of(output);
  };
  EXPECT_THAT(words(Severity::critical), StartsWith("DANE WARNING - timed out after 10 s: Not every certificate type"));
  EXPECT_THAT(words(Severity::warning), StartsWith("DANE WARNING - timed out after 10 s: Not every certificate type"));
  EXPECT_THAT(words(Severity::unknown), StartsWith("DANE UNKNOWN - timed out after 10 s: Not every certificate type"));
  EXPECT_THAT(words(Severity::ok), StartsWith("DANE OK - "));
}

// With little time a question without an answer says nothing of the name servers.
TEST(Nagios, AQuestionThatGotLittleTimeIsTheOperatorsToo) {
  TimeLimit limit{std::chrono::seconds(5), Severity::unknown, false};
  Report report = late({Verdict::dns_error, Reason::timeout}, limit);
  report.run.complete = true;
  Answer unanswered;
  unanswered.failure = Failure::timeout;
  report.walk.lookups.push_back(unanswered);
  const auto words = [&](bool hurried) {
    report.policy.time_limit->hurried = hurried;
    report.severity = weigh(report);
    return words_of(to_nagios(report, {}));
  };
  EXPECT_EQ(words(false), "DANE CRITICAL - so far");
  EXPECT_EQ(words(true), "DANE UNKNOWN - too little time (-t 5): so far");
  report.walk.lookups.back().diagnostic = true;
  EXPECT_EQ(words(true), "DANE CRITICAL - so far");
  report.run.complete = false;  // five seconds for the question: the name servers' fault, run over or not
  EXPECT_EQ(words(false), "DANE CRITICAL - so far");
}

// The judgement knows the limit: nothing is weighed after it.
TEST(Nagios, WhatIsOwedToTheTimeIsWeighedWhereTheReportIsMade) {
  Report report = ReportBuilder("example.org")
                      .add(HostBuilder("mx1.example.org")
                               .tlsa("3 1 1 " + test::digest('a'))
                               .add(test::fails("11.0.0.1", Stage::connect, Fault::timeout)))
                      .judged();
  report.run.complete = false;
  EXPECT_EQ(under(report, {}).severity, Severity::critical) << "without a limit everything counts";
  Policy policy;
  policy.time_limit = TimeLimit{std::chrono::seconds(10), Severity::unknown, false};
  const Output output = to_nagios(under(report, policy), {});
  EXPECT_EQ(output.state, State::unknown);
  EXPECT_THAT(words_of(output), StartsWith("DANE UNKNOWN - timed out after 10 s: 11.0.0.1 (mx1.example.org) "));
}

}  // namespace
}  // namespace danewatch::nagios

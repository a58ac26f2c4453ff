#include "probe/judgement/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "tests/support/finding_cases.hpp"
#include "tests/support/recalling_matcher.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using namespace test;

struct TransportRow {
  const char* id;
  Stage stage;
  Fault fault;
  Conclusion expected;
};

std::ostream& operator<<(std::ostream& out, const TransportRow& row) {
  return out << row.id;
}

class Transport : public testing::TestWithParam<TransportRow> {};

// What stopped us decides the verdict (rows.md E-08 to E-26).
constexpr TransportRow transport_rows[] = {
    {"E09_connect_refused", Stage::connect, Fault::refused, {Verdict::tempfail, Reason::connect}},
    {"E09_connect_unreachable", Stage::connect, Fault::unreachable, {Verdict::tempfail, Reason::connect}},
    {"E09_connect_silent", Stage::connect, Fault::timeout, {Verdict::tempfail, Reason::connect}},
    {"E09_connect_reset", Stage::connect, Fault::reset, {Verdict::tempfail, Reason::connect}},
    {"E21_greeting_4xx", Stage::greeting, Fault::reply, {Verdict::tempfail, Reason::greeting}},
    {"E09_greeting_eof", Stage::greeting, Fault::eof, {Verdict::tempfail, Reason::greeting}},
    {"E09_greeting_reset", Stage::greeting, Fault::reset, {Verdict::tempfail, Reason::greeting}},
    {"E25_greeting_deadline", Stage::greeting, Fault::timeout, {Verdict::tempfail, Reason::greeting}},
    {"E09_starttls_eof", Stage::starttls, Fault::eof, {Verdict::tempfail, Reason::starttls}},
    {"E25_starttls_deadline", Stage::starttls, Fault::timeout, {Verdict::tempfail, Reason::starttls}},
    {"starttls_421", Stage::starttls, Fault::reply, {Verdict::tempfail, Reason::starttls}},
    {"E17_not_offered", Stage::starttls, Fault::not_offered, {Verdict::tls_missing, Reason::not_offered}},
    {"E18_refused_454", Stage::starttls, Fault::starttls_refused, {Verdict::tls_missing, Reason::refused}},
    {"E13_injected", Stage::starttls, Fault::injected, {Verdict::protocol_error, Reason::injected}},
    {"E23_malformed", Stage::greeting, Fault::malformed, {Verdict::protocol_error, Reason::malformed}},
    {"E24_too_long", Stage::starttls, Fault::too_long, {Verdict::protocol_error, Reason::too_long}},
    {"E10_alert", Stage::handshake, Fault::alert, {Verdict::tls_missing, Reason::handshake}},
    {"E10_version", Stage::handshake, Fault::no_common_version, {Verdict::tls_missing, Reason::handshake}},
    {"E10_plaintext", Stage::handshake, Fault::plaintext, {Verdict::tls_missing, Reason::handshake}},
    {"handshake_broken", Stage::handshake, Fault::tls_error, {Verdict::tls_missing, Reason::handshake}},
    {"E10_handshake_eof", Stage::handshake, Fault::eof, {Verdict::tempfail, Reason::handshake}},
    {"E10_handshake_reset", Stage::handshake, Fault::reset, {Verdict::tempfail, Reason::handshake}},
    {"E10_handshake_deadline", Stage::handshake, Fault::timeout, {Verdict::tempfail, Reason::handshake}},
    {"no_ipv6", Stage::connect, Fault::no_ipv6, {Verdict::unknown, Reason::local_limit}},
    {"no_descriptor", Stage::connect, Fault::no_descriptor, {Verdict::unknown, Reason::local_limit}},
    {"local", Stage::connect, Fault::local, {Verdict::unknown, Reason::local_limit}},
    {"not_run", Stage::not_started, Fault::not_run, {Verdict::unknown, Reason::not_run}},
};

TEST_P(Transport, DecidesTheEndpointTheHostAndTheReport) {
  const TransportRow& row = GetParam();
  const Report report =
      ReportBuilder("example.org")
          .add(HostBuilder("mx1.example.org").tlsa("3 1 1 " + digest('a')).add(fails("11.0.0.1", row.stage, row.fault)))
          .judged();
  const HostReport& host = report.hosts.at(0);
  EXPECT_EQ(host.endpoints.at(0).conclusion, row.expected);
  EXPECT_EQ(host.conclusion, row.expected);
  EXPECT_EQ(report.conclusion, row.expected);
  EXPECT_EQ(host.endpoints.at(0).result_type, result_type_of(row.expected));
  EXPECT_EQ(host.endpoints.at(0).cells, std::vector{Cell::unobserved});
  ASSERT_EQ(host.records.size(), 1U);
  EXPECT_EQ(host.records[0].state, RecordState::unknown);
  EXPECT_EQ(report.severity, severity_of(row.expected, false));
  EXPECT_FALSE(report.findings.empty()) << "a bad verdict must be explained";
}

INSTANTIATE_TEST_SUITE_P(Rows, Transport, testing::ValuesIn(transport_rows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(Judge, AMatchAuthenticates) {
  const Report report =
      ReportBuilder("example.org")
          .add(HostBuilder("mx1.example.org").tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {Cell::match})))
          .judged();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::authenticated, Reason::none}));
  EXPECT_EQ(report.severity, Severity::ok);
  EXPECT_EQ(report.impact, Impact::protected_);
  EXPECT_EQ(codes(report), std::vector<std::string>{});
  EXPECT_EQ(report.summary, "mx1.example.org: every certificate shown (1) matches a TLSA record");
}

// What is kept of a run is enough to make its report anew: nothing of a verdict hides in the facts, nothing is lost.
TEST(Judge, TheFactsOfAReportMakeTheSameReport) {
  for (const FindingCase& each : all_finding_cases()) {
    SCOPED_TRACE(each.code);
    EXPECT_TRUE(judged_again(each.report) == each.report);
  }
}

// The verdicts of the golden reports are written by hand, so they are judged first.
TEST(Judge, TheFactsOfEveryGoldenReportMakeTheSameReport) {
  for (const auto& [name, sample] : samples::reports()) {
    SCOPED_TRACE(name);
    const Report report = judged_again(sample);
    EXPECT_TRUE(report.target == sample.target && report.at == sample.at && report.run == sample.run);
    EXPECT_TRUE(report.walk == sample.walk);
    ASSERT_EQ(report.hosts.size(), sample.hosts.size());
    for (std::size_t h = 0; h < sample.hosts.size(); ++h) {
      EXPECT_TRUE(report.hosts[h].dns == sample.hosts[h].dns);
      EXPECT_TRUE(std::ranges::equal(looks(report.hosts[h]), looks(sample.hosts[h])));
    }
    EXPECT_TRUE(judged_again(report) == report);
  }
}

// Whoever reads a report counts on it: what a matcher says of a record is about one that is there.
TEST(Judge, AMatcherThatSpeaksOfOtherRecordsIsBroken) {
  const auto judged = [](auto breaks) {
    Look look = shows("11.0.0.1", {Cell::no_match});
    breaks(look.match);
    return ReportBuilder("example.org")
        .add(HostBuilder("mx1.example.org").tlsa("3 1 1 " + digest('b')).add(look))
        .judged();
  };
  EXPECT_NO_THROW(judged([](MatchResult& match) { match.nearest = MatchedRecord{0, 0, "", false}; }));
  EXPECT_THROW(judged([](MatchResult& match) { match.cells.clear(); }), std::logic_error);
  EXPECT_THROW(judged([](MatchResult& match) { match.nearest = MatchedRecord{1, 0, "", false}; }), std::logic_error);
  EXPECT_THROW(judged([](MatchResult& match) { match.match = MatchedRecord{1, 0, "", false}; }), std::logic_error);
  EXPECT_THROW(judged([](MatchResult& match) { match.shadowed_by = {1}; }), std::logic_error);
  EXPECT_THROW(judged([](MatchResult& match) { match.incomplete = {1}; }), std::logic_error);
  EXPECT_THROW(judged([](MatchResult& match) { match.namesakes = {1}; }), std::logic_error);
  EXPECT_THROW(judged([](MatchResult& match) {
                 match.explanations = {{1, Explanation::Kind::pem_text}};
               }),
               std::logic_error);
}

// Everything below a host knows its place there.
TEST(Judge, WhatStandsAtAHostKnowsItsPlace) {
  const Report report = ReportBuilder("example.org")
                            .add(HostBuilder("mx1.example.org")
                                     .tlsa("3 1 1 " + digest('a'))
                                     .tlsa("3 1 1 " + digest('b'))
                                     .add(shows("11.0.0.1", {Cell::match, Cell::no_match}))
                                     .add(shows("11.0.0.2", {Cell::no_match, Cell::match}, 'b')))
                            .judged();
  const HostReport& host = report.hosts.at(0);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(host.records.at(i).place, i);
    EXPECT_EQ(host.endpoints.at(i).place, i);
    EXPECT_EQ(cell_of(host.endpoints.at(i), host.records.at(i)), Cell::match);
  }
}

TEST(Judge, AChangedFactMakesAnotherReport) {
  const Report report = judged_again(samples::all_good());
  Evidence evidence = facts_of(report);
  evidence.hosts.front().endpoints.front().stage = Stage::connect;
  evidence.hosts.front().endpoints.front().fault = Fault::refused;
  evidence.hosts.front().endpoints.front().chain.clear();
  EXPECT_FALSE(judge(std::move(evidence), RecallingMatcher(report), report.policy) == report);
}

}  // namespace
}  // namespace danewatch

#include "probe/judge.hpp"

#include <gtest/gtest.h>

#include "tests/support/report_builder.hpp"

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
  const HostJudgement& host = report.judgement.hosts.at(0);
  EXPECT_EQ(host.endpoints.at(0).conclusion, row.expected);
  EXPECT_EQ(host.conclusion, row.expected);
  EXPECT_EQ(report.judgement.conclusion, row.expected);
  EXPECT_EQ(host.endpoints.at(0).result_type, result_type_of(row.expected));
  EXPECT_EQ(host.endpoints.at(0).cells, std::vector{Cell::unobserved});
  EXPECT_EQ(host.states, std::vector{RecordState::unknown});
  EXPECT_EQ(report.judgement.severity, severity_of(row.expected, false));
  EXPECT_FALSE(report.judgement.findings.empty()) << "a bad verdict must be explained";
}

INSTANTIATE_TEST_SUITE_P(Rows, Transport, testing::ValuesIn(transport_rows),
                         [](const auto& row) { return std::string(row.param.id); });

TEST(Judge, AMatchAuthenticates) {
  const Report report =
      ReportBuilder("example.org")
          .add(HostBuilder("mx1.example.org").tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {Cell::match})))
          .judged();
  EXPECT_EQ(report.judgement.conclusion, (Conclusion{Verdict::authenticated, Reason::none}));
  EXPECT_EQ(report.judgement.severity, Severity::ok);
  EXPECT_EQ(report.judgement.impact, Impact::protected_);
  EXPECT_EQ(codes(report), std::vector<std::string>{});
  EXPECT_EQ(report.judgement.summary, "mx1.example.org: every certificate shown (1) matches a TLSA record");
}

}  // namespace
}  // namespace danewatch

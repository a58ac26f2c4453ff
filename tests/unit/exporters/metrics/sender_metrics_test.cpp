// What other mail servers reported, as metrics: of what is looked at alone, and absent where it is not known.
#include "exporters/metrics/senders.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/metrics/prometheus_text.hpp"
#include "exporters/metrics/to_metrics.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace test;

SenderReport report_about(const std::string& domain) {
  SenderReport report;
  report.key = domain;
  report.begin = noon() - std::chrono::hours(36);
  report.end = noon() - std::chrono::hours(12);
  SenderPolicy policy;
  policy.domain = domain;
  policy.successful = 7;
  policy.failures = {{"tlsa-invalid", 2, "", "", "", "", "", ""}};
  report.policies = {policy};
  return report;
}

TEST(SenderMetrics, AreOfWhatIsLookedAtAndOfNothingElse) {
  SenderTotals totals;
  totals.add(report_about("example.org"));
  totals.add(report_about("stranger.example"));
  const std::map<RejectReason, std::uint64_t> rejected{{RejectReason::malformed, 3}};
  const std::string text = to_prometheus(
      sender_families({totals, rejected, 5, true}, [](const std::string& domain) { return domain == "example.org"; }));
  EXPECT_THAT(text, AllOf(HasSubstr("dane_tlsrpt_sessions_total{domain=\"example.org\",result=\"success\"} 7\n"),
                          HasSubstr("dane_tlsrpt_sessions_total{domain=\"example.org\",result=\"tlsa-invalid\"} 2\n"),
                          HasSubstr("dane_tlsrpt_sessions_total{domain=\"example.org\",result=\"other\"} 0\n"),
                          HasSubstr("dane_tlsrpt_last_report_timestamp_seconds{domain=\"example.org\"} "),
                          HasSubstr("dane_tlsrpt_reports_rejected_total{reason=\"malformed\"} 3\n"),
                          HasSubstr("dane_tlsrpt_reports_rejected_total{reason=\"unauthenticated\"} 5\n"),
                          HasSubstr("danewatch_tlsrpt_up 1\n"), Not(HasSubstr("stranger.example"))));
}

// 1, 0, or nothing.
std::optional<double> failing(const std::optional<SendersSaw>& saw) {
  ReportBuilder builder("example.org");
  builder.add(HostBuilder("mx1.example.org").tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {Cell::match})));
  builder.report.senders = saw;
  for (const Family& family : to_metrics(builder.judged(), {})) {
    if (family.row.name == "dane_senders_see_failures") return family.samples.front().value;
  }
  return std::nullopt;
}

TEST(SenderMetrics, WhetherSendersSeeFailuresIsAbsentWhereNobodyReports) {
  SendersDay day;
  day.day = std::chrono::floor<std::chrono::days>(noon()) - std::chrono::days(1);
  day.senders = {{"google.example", {9, 0}}};
  EXPECT_EQ(failing(std::nullopt), std::nullopt);
  EXPECT_EQ(failing(SendersSaw{}), std::nullopt);
  EXPECT_EQ(failing(SendersSaw{true, {day}}), 0);
  day.senders[0].sessions.failed = 1;
  day.troubles = {{{"tlsa-invalid", "", SenderPolicyType::tlsa, {}}, 1, {"google.example"}}};
  EXPECT_EQ(failing(SendersSaw{true, {day}}), 1);
  day.believed = false;
  EXPECT_EQ(failing(SendersSaw{true, {day}}), std::nullopt);
}

}  // namespace
}  // namespace danewatch

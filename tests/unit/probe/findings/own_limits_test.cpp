// Dates beyond the operator's own limits, which ours would not mention.
#include "probe/findings/own_limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using namespace test;

TEST(OwnLimits, ACertificateBeyondThemHasAPlace) {
  Look dated = shows("11.0.0.2", {Cell::match});
  dated.match.date_matters = true;
  dated.match.earliest_not_after = noon() + std::chrono::hours(24 * 20);
  dated.tls.chain.front().not_before = noon() - std::chrono::hours(24 * 90);
  dated.tls.chain.front().not_after = *dated.match.earliest_not_after;
  ReportBuilder builder("example.org");
  builder.report.policy.days.warning = parse_range("30", BareNumber::start).value();
  builder.add(HostBuilder("mx0.example.org").tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {Cell::match})));
  builder.add(HostBuilder("mx1.example.org")
                  .tlsa("2 1 1 " + digest('a'))
                  .add(shows("11.0.0.1", {Cell::match}))
                  .add(std::move(dated)));
  const Report report = builder.judged();
  const auto finding = std::ranges::find(report.findings, "cert-expiring", &Finding::code);
  ASSERT_NE(finding, report.findings.end());
  EXPECT_EQ(finding->severity, Severity::warning);
  EXPECT_EQ(finding->place, (FindingPlace{1, {1}}));
  const auto limit = own_limit(report, Expiry::Kind::certificate);
  ASSERT_TRUE(limit);
  EXPECT_EQ(limit->words, "the certificate of mx1.example.org expires in 20 days (range 30:)");
}

}  // namespace
}  // namespace danewatch

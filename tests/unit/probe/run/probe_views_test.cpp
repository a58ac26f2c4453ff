// Which certificate types a run looks at, and when it leaves them be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/probe_fixture.hpp"

namespace danewatch {
namespace {

using namespace test;

TEST_F(ProbeTest, PeelingShowsTheOtherCertificateType) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::rsa, "rsa-2048", 'b');
  const Report report = run();
  EXPECT_EQ(offers(), (std::vector<Families>{{}, {View::rsa, View::eddsa}, {View::eddsa}}));
  ASSERT_EQ(report.hosts[0].endpoints.size(), 2U);
  EXPECT_EQ(report.hosts[0].endpoints[1].seen.view, View::rsa);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.absent_views, std::vector{View::eddsa});
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::mismatch, Reason::no_match}));
  EXPECT_EQ(finding(report, "cert-type-mismatch").view, View::rsa);
}

// Alert, EOF or the same family mean that there is no such certificate.
TEST_F(ProbeTest, TheSameCertificateAgainIsNoNewEndpoint) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::rsa, "ecdsa-p256", 'a');
  const Report report = run();
  ASSERT_EQ(report.hosts[0].endpoints.size(), 1U);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.absent_views, (std::vector{View::rsa, View::eddsa}));
}

TEST_F(ProbeTest, AServerThatHangsUpOnAnOfferHasNoSuchCertificate) {
  serve("11.0.0.1");
  servers.plays(fails("11.0.0.1", Stage::handshake, Fault::eof).on(View::eddsa).tls);
  EXPECT_EQ(run().hosts[0].endpoints[0].seen.absent_views, (std::vector{View::rsa, View::eddsa}));
}

TEST_F(ProbeTest, PeelingEndsWhenEveryFamilyWasSeen) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::rsa, "rsa-2048", 'a');
  serve_also("11.0.0.1", View::eddsa, "ed25519", 'a');
  const Report report = run();
  EXPECT_EQ(offers(), (std::vector<Families>{{}, {View::rsa, View::eddsa}, {View::eddsa}}));
  ASSERT_EQ(report.hosts[0].endpoints.size(), 3U);
  EXPECT_TRUE(report.hosts[0].endpoints[0].seen.absent_views.empty());
}

// A server may answer an offer it cannot meet with its only certificate, which a local check then refuses.
TEST_F(ProbeTest, TheSameCertificateRefusedHereIsAbsentToo) {
  serve("11.0.0.1");
  TlsEvidence same = fails("11.0.0.1", Stage::handshake, Fault::tls_error, "wrong signature type").on(View::rsa).tls;
  same.chain = {certificate('a')};
  servers.plays(std::move(same));
  const Report report = run();
  ASSERT_EQ(report.hosts[0].endpoints.size(), 1U);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.absent_views, (std::vector{View::rsa, View::eddsa}));
}

TEST_F(ProbeTest, AViewThatCouldNotBeLookedAtIsUnobserved) {
  serve("11.0.0.1");
  servers.plays(fails("11.0.0.1", Stage::greeting, Fault::reply, "421 too many").on(View::rsa).tls);
  const Report report = run();
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.unobserved_views, (std::vector{View::rsa, View::eddsa}));
  EXPECT_TRUE(report.hosts[0].endpoints[0].seen.absent_views.empty());
}

// A server that lets its clients wait does so each time: what would only end with the run is not begun.
TEST_F(ProbeTest, ALookThatHasNoTimeLeftIsNotBegun) {
  TlsEvidence slow = shows("11.0.0.1", {}, 'a').tls;
  slow.timings.starttls = 2'400'000;  // of the hour that the run has
  servers.plays(slow).takes_time(clock, std::chrono::seconds(2400));
  options.policy.views = Views::all;
  const Report report = run();
  EXPECT_EQ(offers(), std::vector<Families>{{}});
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.unobserved_views, (std::vector{View::rsa, View::eddsa, View::no_sni}));
  EXPECT_TRUE(report.run.complete);
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(report.severity, Severity::warning);
  finding(report, "views-unobserved");
}

TEST_F(ProbeTest, TheDefaultViewAloneIfSoAsked) {
  serve("11.0.0.1");
  options.policy.views = Views::standard;
  run();
  EXPECT_EQ(offers(), std::vector<Families>{{}});
}

TEST_F(ProbeTest, AllViewsIncludeOneWithoutServerName) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::no_sni, "ecdsa-p256", 'c');
  options.policy.views = Views::all;
  const Report report = run();
  EXPECT_EQ(servers.looks().back().offer, Families{});
  EXPECT_EQ(servers.looks().back().endpoint.sni, "");
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(finding(report, "sni-differs").severity, Severity::info);
}

}  // namespace
}  // namespace danewatch

// What an address is asked to show: the default view, then every certificate type not seen yet, and on request more.
#include <gtest/gtest.h>

#include "tests/support/probe_fixture.hpp"

namespace danewatch {
namespace {

using namespace test;

using ViewsTest = ProbeTest;

const Families but_ecdsa{View::rsa, View::rsa_pss, View::ed25519, View::ed448};

TEST_F(ViewsTest, PeelingShowsTheOtherCertificateType) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::rsa, "rsa-2048", 'b');
  const Report report = run();
  EXPECT_EQ(offers(), (std::vector<Families>{{}, but_ecdsa, {View::rsa_pss, View::ed25519, View::ed448}}));
  ASSERT_EQ(report.hosts[0].endpoints.size(), 2U);
  EXPECT_EQ(report.hosts[0].endpoints[1].seen.view, View::rsa);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.absent_views, (Families{View::rsa_pss, View::ed25519, View::ed448}));
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::mismatch, Reason::no_match}));
  EXPECT_EQ(finding(report, "cert-type-mismatch").view, View::rsa);
}

// Alert, EOF or the same family mean that there is no such certificate.
TEST_F(ViewsTest, TheSameCertificateAgainIsNoNewEndpoint) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::rsa, "ecdsa-p256", 'a');
  const Report report = run();
  ASSERT_EQ(report.hosts[0].endpoints.size(), 1U);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.absent_views, but_ecdsa);
}

TEST_F(ViewsTest, AServerThatHangsUpOnAnOfferHasNoSuchCertificate) {
  serve("11.0.0.1");
  servers.plays(fails("11.0.0.1", Stage::handshake, Fault::eof).on(View::ed448).tls);
  EXPECT_EQ(run().hosts[0].endpoints[0].seen.absent_views, but_ecdsa);
}

TEST_F(ViewsTest, PeelingEndsWhenEveryFamilyWasSeen) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::rsa, "rsa-2048", 'a');
  serve_also("11.0.0.1", View::rsa_pss, "rsa-pss-2048", 'a');
  serve_also("11.0.0.1", View::ed25519, "ed25519", 'a');
  serve_also("11.0.0.1", View::ed448, "ed448", 'a');
  const Report report = run();
  EXPECT_EQ(
      offers(),
      (std::vector<Families>{
          {}, but_ecdsa, {View::rsa_pss, View::ed25519, View::ed448}, {View::ed25519, View::ed448}, {View::ed448}}));
  ASSERT_EQ(report.hosts[0].endpoints.size(), 5U);
  EXPECT_TRUE(report.hosts[0].endpoints[0].seen.absent_views.empty());
}

// A server may answer an offer it cannot meet with its only certificate, which a local check then refuses.
TEST_F(ViewsTest, TheSameCertificateRefusedHereIsAbsentToo) {
  serve("11.0.0.1");
  TlsEvidence same = fails("11.0.0.1", Stage::handshake, Fault::tls_error, "wrong signature type").on(View::rsa).tls;
  same.chain = {certificate('a')};
  servers.plays(std::move(same));
  const Report report = run();
  ASSERT_EQ(report.hosts[0].endpoints.size(), 1U);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.absent_views, but_ecdsa);
}

TEST_F(ViewsTest, AViewThatCouldNotBeLookedAtIsUnobserved) {
  serve("11.0.0.1");
  servers.plays(fails("11.0.0.1", Stage::greeting, Fault::reply, "421 too many").on(View::rsa).tls);
  const Report report = run();
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.unobserved_views, but_ecdsa);
  EXPECT_TRUE(report.hosts[0].endpoints[0].seen.absent_views.empty());
}

// A server that lets its clients wait does so each time: what would only end with the run is not begun.
TEST_F(ViewsTest, ALookThatHasNoTimeLeftIsNotBegun) {
  TlsEvidence slow = shows("11.0.0.1", {}, 'a').tls;
  slow.absent_views.clear();
  slow.timings.starttls = 2'400'000;  // of the hour that the run has
  servers.plays(slow).takes_time(clock, std::chrono::seconds(2400));
  options.policy.views = Views::all;
  const Report report = run();
  EXPECT_EQ(offers(), std::vector<Families>{{}});
  Families unobserved = but_ecdsa;
  unobserved.insert(unobserved.end(), {View::no_sni, View::second});
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.unobserved_views, unobserved);
  EXPECT_TRUE(report.run.complete);
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(report.severity, Severity::warning);
  finding(report, "views-unobserved");
}

TEST_F(ViewsTest, TheDefaultViewAloneIfSoAsked) {
  serve("11.0.0.1");
  options.policy.views = Views::standard;
  run();
  EXPECT_EQ(offers(), std::vector<Families>{{}});
}

TEST_F(ViewsTest, AllViewsIncludeOneWithoutServerName) {
  serve("11.0.0.1");
  serve_also("11.0.0.1", View::no_sni, "ecdsa-p256", 'c');
  options.policy.views = Views::all;
  const Report report = run();
  EXPECT_EQ(servers.looks()[2].offer, Families{});
  EXPECT_EQ(servers.looks()[2].endpoint.sni, "");
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(finding(report, "sni-differs").severity, Severity::info);
}

}  // namespace
}  // namespace danewatch

// One connection shows one server. Behind a load balancer others may hold other keys, and a record of theirs is none to
// remove.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/probe_fixture.hpp"

namespace danewatch {
namespace {

using namespace test;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr auto with_a_stranger = "shows another certificate on another connection, and there may be more";

class LoadBalancerTest : public ProbeTest {
 protected:
  void publish(const std::string& letters) {
    std::vector<std::string> records;
    for (const char letter : letters) records.push_back("3 1 1 " + digest(letter));
    world.secure("_25._tcp.mx1.example.org TLSA", records);
  }

  // One server for each letter, a connection each; the last one stays.
  void take_turns(const std::string& letters) {
    for (const char letter : letters) serve("11.0.0.1", letter);
  }

  static std::string states(const Report& report) {
    std::string words;
    for (const RecordReport& record : report.hosts[0].records) words += std::string(to_string(record.state)) + " ";
    return words;
  }
};

// The connection for the other certificate types is the second server's turn, and shows nothing.
TEST_F(LoadBalancerTest, TheKeyOfASecondServerIsNoOldKey) {
  publish("ab");
  take_turns("aab");
  const Report report = run();
  EXPECT_EQ(states(report), "current current ");
  EXPECT_EQ(report.severity, Severity::ok);
  ASSERT_EQ(report.hosts[0].endpoints.size(), 2U);
  EXPECT_EQ(report.hosts[0].endpoints[1].seen.view, View::second);
  EXPECT_EQ(offers(), (std::vector<Families>{{}, {View::rsa, View::rsa_pss, View::ed25519, View::ed448}, {}, {}}));
}

TEST_F(LoadBalancerTest, NobodyConnectsAgainWhereEveryRecordMatches) {
  publish("a");
  take_turns("a");
  run();
  EXPECT_EQ(servers.looks().size(), 2U);
}

TEST_F(LoadBalancerTest, ThreeConnectionsWithOneCertificateLeaveARecordOver) {
  publish("ab");
  take_turns("a");
  const Report report = run();
  EXPECT_EQ(states(report), "current unmatched ");
  EXPECT_THAT(fix_words(finding(report, "tlsa-extra-record").remedies),
              HasSubstr("If it is an old key (also behind any load balancer), remove"));
  EXPECT_EQ(servers.looks().size(), 4U);
}

TEST_F(LoadBalancerTest, WhereServersTakeTurnsThereMayBeMore) {
  publish("abc");
  take_turns("ab");
  const Report report = run();
  EXPECT_EQ(states(report), "current current unknown ");
  const Finding told = finding(report, "tlsa-unconfirmed-record");
  EXPECT_THAT(told.text, HasSubstr(with_a_stranger));
  EXPECT_EQ(fix_words(told.remedies), "Do not delete it yet: look at each server behind 11.0.0.1.");
  EXPECT_THAT(codes(report), Not(Contains("tlsa-extra-record")));
}

TEST_F(LoadBalancerTest, AServerWithoutARecordIsFoundByWhoLooksAtAllViews) {
  publish("a");
  take_turns("aab");
  options.policy.views = Views::all;
  const Report report = run();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::mismatch, Reason::no_match}));
  EXPECT_EQ(report.impact, Impact::partly_deferred);
  EXPECT_THAT(
      finding(report, "tlsa-mismatch").text,
      HasSubstr("11.0.0.1 (mx1.example.org) shows a certificate that no TLSA record matches, on some connections."));
}

TEST_F(LoadBalancerTest, AConnectionThatIsTurnedAwayProvesNothing) {
  publish("ab");
  take_turns("a");
  servers.plays(fails("11.0.0.1", Stage::greeting, Fault::reply, "421 too many").tls);
  const Report report = run();
  EXPECT_EQ(states(report), "current unknown ");
  EXPECT_THAT(finding(report, "tlsa-unconfirmed-record").text, HasSubstr("further connections to 11.0.0.1 failed"));
  EXPECT_THAT(codes(report), Not(Contains("views-unobserved")));
}

TEST_F(LoadBalancerTest, WhoHasNoTimeToConnectAgainSaysSo) {
  publish("ab");
  take_turns("a");
  servers.takes_time(clock, std::chrono::seconds(10));
  deadline = clock.steady_time + std::chrono::seconds(25);
  const Report report = run();
  EXPECT_EQ(states(report), "current unknown ");
  EXPECT_THAT(finding(report, "tlsa-unconfirmed-record").text, HasSubstr("there was no time to ask 11.0.0.1 again"));
  EXPECT_TRUE(report.run.complete) << "the verdict does not need it";
}

TEST_F(LoadBalancerTest, AConnectionThatTheEndOfTheTimeCutsShortIsNoFaultOfTheServer) {
  publish("ab");
  take_turns("a");
  servers.plays(fails("11.0.0.1", Stage::greeting, Fault::timeout, "not finished").tls);
  servers.takes_time(clock, std::chrono::seconds(10));
  deadline = clock.steady_time + std::chrono::seconds(30);
  EXPECT_THAT(finding(run(), "tlsa-unconfirmed-record").text, HasSubstr("there was no time to ask 11.0.0.1 again"));
}

// It was asked for RSA and answered with another ECDSA certificate than before, which our TLS then refused.
TEST_F(LoadBalancerTest, ACertificateThatNobodyAskedForIsAnotherServers) {
  publish("ab");
  take_turns("a");
  TlsEvidence stranger =
      fails("11.0.0.1", Stage::handshake, Fault::tls_error, "wrong signature type").on(View::rsa).tls;
  stranger.chain = {certificate('b')};
  servers.plays(std::move(stranger));
  const Report report = run();
  EXPECT_EQ(states(report), "current unknown ");
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
}

TEST_F(LoadBalancerTest, CustomersOfOneServerShareWhatFurtherConnectionsShowed) {
  options.share_for = std::chrono::minutes(5);
  world.secure("customer.example MX", {"10 mx1.example.org"});
  publish("ab");
  take_turns("aab");
  run_all_of({"example.org", "customer.example"});
  EXPECT_EQ(servers.looks().size(), 4U);
}

}  // namespace
}  // namespace danewatch

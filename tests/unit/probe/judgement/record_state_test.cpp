// States of records over their host: the first that holds.
#include <gtest/gtest.h>

#include "probe/judgement/judge.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using namespace test;
using enum Cell;

std::string word(RecordState state) {
  return std::string(to_string(state));
}

// "current unmatched"
std::string states(HostBuilder host, const Policy& policy = {}) {
  ReportBuilder builder("example.org");
  builder.report.policy = policy;
  const Report report = builder.add(std::move(host)).judged();
  std::string text;
  for (const auto& record : report.hosts[0].records) text += (text.empty() ? "" : " ") + word(record.state);
  return text;
}

HostBuilder two_records() {
  HostBuilder host("mx1.example.org");
  return host.tlsa("3 1 1 " + digest('a')).tlsa("3 1 1 " + digest('b'));
}

TEST(RecordState, TheSurveysCaseIsUnmatchedBesideCurrent) {
  EXPECT_EQ(states(two_records().add(shows("11.0.0.1", {match, no_match}))), "current unmatched");
}

TEST(RecordState, AMatchOnEveryAddressIsCurrent) {
  EXPECT_EQ(
      states(two_records().add(shows("11.0.0.1", {match, no_match})).add(shows("11.0.0.2", {no_match, match}, 'b'))),
      "current current");
}

// A record used by one certificate type only is not a fault.
TEST(RecordState, OneRecordForEachCertificateTypeIsCurrent) {
  EXPECT_EQ(states(two_records()
                       .add(shows("11.0.0.1", {match, no_match}))
                       .add(shows("11.0.0.1", {no_match, match}, 'b').on(View::rsa))),
            "current current");
}

TEST(RecordState, AnAddressWithoutAnyMatchMakesTheOthersPartial) {
  EXPECT_EQ(
      states(two_records().add(shows("11.0.0.1", {match, no_match})).add(shows("11.0.0.2", {no_match, no_match}, 'c'))),
      "partial unmatched");
}

TEST(RecordState, AShadowedMatchIsNoMatch) {
  HostBuilder host("mx1.example.org");
  host.tlsa("3 1 1 " + digest('a')).tlsa("3 1 2 " + digest('b') + digest('b'));
  EXPECT_EQ(states(host.add(shows("11.0.0.1", {shadowed, no_match}))), "shadowed unmatched");
}

TEST(RecordState, AnUnusableRecordIsNothingElse) {
  HostBuilder host("mx1.example.org");
  host.tlsa("3 1 1 " + digest('a')).unusable("4 1 1 " + digest('b'), "unknown usage");
  EXPECT_EQ(states(host.add(shows("11.0.0.1", {match, unusable}))), "current unusable");
}

TEST(RecordState, UnknownWhereAChainWasTooCostlyToCompare) {
  const Look costly = shows("11.0.0.2", {unobserved, unobserved}).concluding({Verdict::unknown, Reason::local_limit});
  EXPECT_EQ(states(two_records().add(costly)), "unknown unknown");
  EXPECT_EQ(states(two_records().add(shows("11.0.0.1", {match, no_match})).add(costly)), "current unknown");
}

TEST(RecordState, UnknownWhileAnAddressIsNotObserved) {
  for (const Fault fault : {Fault::refused, Fault::no_ipv6, Fault::not_run, Fault::timeout}) {
    EXPECT_EQ(
        states(two_records().add(shows("11.0.0.1", {match, no_match})).add(fails("11.0.0.2", Stage::connect, fault))),
        "current unknown")
        << to_string(fault);
  }
}

// The other key may live behind an address that no answer told us: never advise to remove its record.
TEST(RecordState, UnknownWhileAddressesAreNotKnown) {
  for (const Status status : {Status::failed, Status::bogus}) {
    HostBuilder host = two_records().add(shows("11.0.0.1", {match, no_match}));
    host.add(answer("mx1.example.org", RrType::aaaa, status));
    EXPECT_EQ(states(host), "current unknown") << to_string(status);
  }
  HostBuilder host = two_records().add(shows("11.0.0.1", {match, no_match}));
  host.add(answer("mx1.example.org", RrType::aaaa, Status::secure));
  EXPECT_EQ(states(host), "current unmatched");
}

TEST(RecordState, UnknownWhileAddressesAreLeftOut) {
  HostBuilder host = two_records().add(shows("11.0.0.1", {match, no_match}));
  host.dns.excluded_addresses = 1;
  EXPECT_EQ(states(host), "current unknown");
}

TEST(RecordState, UnknownWhileTlsIsMissingSomewhere) {
  EXPECT_EQ(states(two_records()
                       .add(shows("11.0.0.1", {match, no_match}))
                       .add(fails("11.0.0.2", Stage::starttls, Fault::not_offered))),
            "current unknown");
}

TEST(RecordState, UnknownWhileACertificateTypeIsNotObserved) {
  Look look = shows("11.0.0.1", {match, no_match});
  look.tls.unobserved_views = {View::rsa};
  EXPECT_EQ(states(two_records().add(look)), "current unknown");
  look.tls.unobserved_views.clear();
  look.tls.absent_views = {View::rsa, View::second};
  EXPECT_EQ(states(two_records().add(look)), "current unmatched") << "absent counts as observed";
}

// Behind a load balancer another server may hold the key.
TEST(RecordState, UnknownUntilFurtherConnectionsShowTheSame) {
  Look look = shows("11.0.0.1", {match, no_match});
  look.tls.absent_views.clear();
  EXPECT_EQ(states(two_records().add(look)), "current unknown");
  look.tls.absent_views = {View::second};
  EXPECT_EQ(states(two_records().add(look)), "current unmatched");
}

TEST(RecordState, UnknownWhereServersTakeTurns) {
  HostBuilder host = two_records().tlsa("3 1 1 " + digest('c'));
  host.add(shows("11.0.0.1", {match, no_match, no_match}));
  host.add(shows("11.0.0.1", {no_match, match, no_match}, 'b').on(View::second));
  EXPECT_EQ(states(host), "current current unknown");
}

TEST(RecordState, UnknownWhileOnlyOneCertificateTypeIsAskedFor) {
  Policy policy;
  policy.views = Views::standard;
  EXPECT_EQ(states(two_records().add(shows("11.0.0.1", {match, no_match})), policy), "current unknown");
}

TEST(RecordState, UnknownWhileAddressesWereCut) {
  HostBuilder host = two_records();
  host.dns.cuts = {{"addresses", 8, 9}};
  EXPECT_EQ(states(host.add(shows("11.0.0.1", {match, no_match}))), "current unknown");
}

TEST(RecordState, ADeclaredRecordIsNextUntilItMatches) {
  Policy policy;
  policy.next = {NextKey{"", {record("3 1 1 " + digest('b'), "")}}};
  EXPECT_EQ(states(two_records().add(shows("11.0.0.1", {match, no_match})), policy), "current next");
  EXPECT_EQ(states(two_records().add(fails("11.0.0.1", Stage::connect, Fault::refused)), policy), "unknown next");
  EXPECT_EQ(states(two_records().add(shows("11.0.0.1", {no_match, match}, 'b')), policy), "unmatched current");
}

TEST(RecordState, ADeclaredRecordThatIsShadowedIsInUseAlready) {
  Policy policy;
  policy.next = {NextKey{"", {record("3 1 1 " + digest('a'), "")}}};
  HostBuilder host("mx1.example.org");
  host.tlsa("3 1 1 " + digest('a')).tlsa("3 1 2 " + digest('b') + digest('b'));
  EXPECT_EQ(states(host.add(shows("11.0.0.1", {shadowed, no_match})), policy), "shadowed unmatched");
}

// Deleting what only clients without a server name match would still break those.
TEST(RecordState, AMatchWithoutServerNameKeepsARecord) {
  EXPECT_EQ(states(two_records()
                       .add(shows("11.0.0.1", {match, no_match}))
                       .add(shows("11.0.0.1", {no_match, match}, 'b').on(View::no_sni))),
            "current current");
}

TEST(RecordState, WithoutAnyAddressNothingIsKnown) {
  EXPECT_EQ(states(two_records()), "unknown unknown");
}

}  // namespace
}  // namespace danewatch

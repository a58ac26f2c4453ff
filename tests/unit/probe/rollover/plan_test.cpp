// Which step of a rollover is safe, for each of the ways it goes.
#include "probe/rollover/gate.hpp"

#include <gmock/gmock.h>

#include "probe/life/record_life.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

TlsaRecord record_of(const std::string& text) {
  return *parse_tlsa(text);
}

// A mail server of key 'a' that goes over to key 'b', looked at again and again by two name servers.
class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    world.at = test::noon();
    world.addresses = {"192.0.2.1", "192.0.2.2"};
    world.all_show('a');
    next.file = "next.pem";
    next.records = {record_of("3 1 1 " + test::digest('b')), record_of("3 0 1 " + test::digest('c'))};
  }

  void look_after(std::chrono::seconds time) {
    world.at += time;
    report = world.report();
    add(life, report);
  }

  // Another record of the set, of something that no server shows.
  void publish_current(const std::string& text) {
    HostReport& host = report.hosts[0];
    host.records.push_back({record_of(text), RecordState::current, {}, host.records.size()});
    for (EndpointReport& each : host.endpoints) each.cells.push_back(Cell::no_match);
  }

  void serve_everywhere() {
    for (ServedSince& each : name_servers) each.records = {{next.records[0], world.at}};
  }

  Plan plan() const {
    const std::vector<Roll> rolls{{&report.hosts[0], &life, name_servers}};
    return plan_of(rolls, keys(), world.at);
  }
  std::span<const NextKey> keys() const { return {&next, 1}; }
  RolloverStep may(StepKind kind) const { return gate(plan(), kind); }

  test::LifeWorld world;
  Life life;
  Report report;
  NextKey next;
  std::vector<ServedSince> name_servers{{"ns1", true, {}}, {"ns2", true, {}}};
};

TEST_F(PlanTest, TheNextRecordComesFirst) {
  look_after(hours(0));
  const RolloverStep publish = may(StepKind::publish);
  EXPECT_EQ(publish.state, StepState::open);
  ASSERT_EQ(publish.records.size(), 1U);
  EXPECT_EQ(to_zone_line(publish.records[0]), "_25._tcp.mx1.example.org. IN TLSA 3 1 1 " + test::digest('b'));
  EXPECT_EQ(may(StepKind::deploy).state, StepState::refused);
  EXPECT_EQ(may(StepKind::remove).state, StepState::refused);
}

TEST_F(PlanTest, ThenAllCachesHaveToKnowItFromTheSlowestNameServerOn) {
  look_after(hours(0));
  world.records = "ab";
  look_after(hours(1));
  serve_everywhere();
  name_servers[1].records[0].second = world.at + minutes(30);
  look_after(minutes(30));
  RolloverStep deploy = may(StepKind::deploy);
  EXPECT_EQ(deploy.state, StepState::not_before);
  EXPECT_EQ(deploy.at, world.at + hours(2));
  EXPECT_THAT(deploy.why, HasSubstr("after ns2 had them"));
  look_after(hours(2) - std::chrono::seconds(1));
  EXPECT_EQ(may(StepKind::deploy).state, StepState::not_before);
  look_after(std::chrono::seconds(1));
  deploy = may(StepKind::deploy);
  EXPECT_EQ(deploy.state, StepState::open);
  EXPECT_EQ(may(StepKind::publish).state, StepState::done);
}

// How long its own lag lasts nobody knows; from when it has them on it is 2 x C.
TEST_F(PlanTest, ANameServerThatLagsIsWaitedForByName) {
  look_after(hours(0));
  world.records = "ab";
  look_after(hours(1));
  serve_everywhere();
  name_servers[1].records.clear();
  look_after(hours(9));
  EXPECT_EQ(may(StepKind::publish).state, StepState::done);
  EXPECT_THAT(may(StepKind::publish).why, HasSubstr("ns2 does not have 3 1 1 bbbbbbbbbbbbbbbb"));
  EXPECT_EQ(may(StepKind::deploy).state, StepState::not_before);
  EXPECT_EQ(may(StepKind::deploy).at, world.at + hours(2));
  EXPECT_THAT(may(StepKind::deploy).why, HasSubstr("yet; the wait of 7200 s begins when it has"));
  EXPECT_EQ(may(StepKind::remove).state, StepState::refused);
}

TEST_F(PlanTest, ARecordThatOneNameServerHasIsPublishedWhateverTheResolverStillHolds) {
  look_after(hours(0));
  serve_everywhere();
  EXPECT_EQ(may(StepKind::publish).state, StepState::done);
  EXPECT_EQ(may(StepKind::deploy).state, StepState::not_before);
}

TEST_F(PlanTest, OfANameServerThatIsSilentNothingIsKnown) {
  look_after(hours(0));
  world.records = "ab";
  look_after(hours(1));
  serve_everywhere();
  name_servers[1] = {"ns2", false, {}};
  look_after(hours(9));
  const RolloverStep deploy = may(StepKind::deploy);
  EXPECT_EQ(deploy.state, StepState::unknown);
  EXPECT_THAT(deploy.why, HasSubstr("ns2 does not answer"));
  name_servers.clear();
  EXPECT_EQ(may(StepKind::deploy).state, StepState::unknown);
}

// Whoever had the records of before had them for the longer time.
TEST_F(PlanTest, ATtlThatIsLoweredAfterwardsMakesNothingEarlier) {
  look_after(hours(0));
  world.records = "ab";
  world.ttl = 300;
  look_after(minutes(5));
  serve_everywhere();
  const auto at = may(StepKind::deploy).at;
  EXPECT_EQ(at, world.at + hours(2));
  for (int i = 0; i < 30; ++i) {
    look_after(minutes(5));
    EXPECT_EQ(may(StepKind::deploy).at, at);
  }
}

TEST_F(PlanTest, TheOldRecordGoesWhenNoAddressShowsItsKey) {
  look_after(hours(0));
  world.records = "ab";
  look_after(hours(1));
  serve_everywhere();
  look_after(hours(3));
  world.keys["192.0.2.1"] = 'b';
  look_after(minutes(1));
  EXPECT_EQ(may(StepKind::look).state, StepState::open);
  EXPECT_EQ(may(StepKind::remove).state, StepState::refused);
  world.keys["192.0.2.2"] = 'b';
  world.silent.insert("192.0.2.2");
  look_after(minutes(1));
  EXPECT_EQ(may(StepKind::remove).state, StepState::unknown);
  EXPECT_THAT(may(StepKind::remove).why, HasSubstr("192.0.2.2 was not seen"));
  world.silent.clear();
  look_after(minutes(1));
  const RolloverStep remove = may(StepKind::remove);
  EXPECT_EQ(remove.state, StepState::open);
  ASSERT_EQ(remove.records.size(), 1U);
  EXPECT_EQ(to_text(remove.records[0]), "3 1 1 " + test::digest('a'));
  world.records = "b";
  look_after(minutes(1));
  EXPECT_EQ(may(StepKind::remove).state, StepState::done);
}

// It may be somebody's next key, or a reserve.
TEST_F(PlanTest, ARecordThatNeverMatchedIsNotOursToRemove) {
  world.records = "ad";
  look_after(hours(0));
  world.records = "abd";
  look_after(hours(1));
  serve_everywhere();
  look_after(hours(3));
  world.all_show('b');
  look_after(minutes(1));
  const RolloverStep remove = may(StepKind::remove);
  ASSERT_EQ(remove.records.size(), 1U);
  EXPECT_EQ(to_text(remove.records[0]), "3 1 1 " + test::digest('a'));
}

TEST_F(PlanTest, ARenewalThatKeepsTheKeyNeedsNothing) {
  next.records = {record_of("3 1 1 " + test::digest('a'))};
  look_after(hours(0));
  for (ServedSince& each : name_servers) each.records = {{next.records[0], world.at}};
  EXPECT_TRUE(plan().keeps_the_key);
  EXPECT_EQ(may(StepKind::publish).state, StepState::done);
  EXPECT_EQ(may(StepKind::deploy).state, StepState::done);
  EXPECT_EQ(may(StepKind::remove).state, StepState::done);
}

TEST_F(PlanTest, EveryKindOfRecordInTheSetNeedsOneOfTheNextKey) {
  look_after(hours(0));
  publish_current("3 1 2 " + test::digest('a') + test::digest('a'));
  EXPECT_EQ(may(StepKind::publish).state, StepState::refused);
  EXPECT_THAT(may(StepKind::publish).why, HasSubstr("3 1 2"));
  next.records.push_back(record_of("3 1 2 " + test::digest('b') + test::digest('b')));
  EXPECT_EQ(may(StepKind::publish).state, StepState::open);
  EXPECT_EQ(may(StepKind::publish).records.size(), 2U);
}

TEST_F(PlanTest, AKeyAloneIsNotEnoughForARecordOfTheCertificate) {
  look_after(hours(0));
  report.hosts[0].records[0].record = record_of("3 0 1 " + test::digest('a'));
  next.records = {record_of("3 1 1 " + test::digest('b'))};
  EXPECT_EQ(may(StepKind::publish).state, StepState::refused);
  EXPECT_THAT(may(StepKind::publish).why, HasSubstr("a key is not enough"));
}

// Beside it the record in use would count for nothing.
TEST_F(PlanTest, AStrongerDigestOfTheNextKeyAloneIsRefused) {
  look_after(hours(0));
  next = {"", {record_of("3 1 2 " + test::digest('b') + test::digest('b'))}};
  EXPECT_EQ(may(StepKind::publish).state, StepState::refused);
}

TEST_F(PlanTest, TheRecordOfAnAuthorityThatStaysIsRightAlready) {
  look_after(hours(0));
  publish_current("2 1 1 " + test::digest('e'));
  EXPECT_EQ(may(StepKind::publish).records.size(), 1U) << "a key alone says nothing of who certifies it";
  next.records.push_back(record_of("2 1 1 " + test::digest('f')));
  next.records.push_back(record_of("2 1 1 " + test::digest('e')));
  for (ServedSince& each : name_servers) each.records = {{next.records.back(), world.at}};
  EXPECT_EQ(may(StepKind::publish).records.size(), 1U);
  next.records.pop_back();
  EXPECT_EQ(may(StepKind::publish).records.size(), 2U) << "another authority";
}

TEST_F(PlanTest, WhereThereIsNothingToRollThatIsSaid) {
  world.records = "";
  look_after(hours(0));
  EXPECT_EQ(may(StepKind::publish).state, StepState::refused);
  EXPECT_THAT(may(StepKind::publish).why, HasSubstr("danewatch tlsa makes the first one"));
  world.records = "a";
  world.tlsa = Status::bogus;
  look_after(minutes(1));
  EXPECT_EQ(may(StepKind::publish).state, StepState::unknown);
}

// A certificate of each type: both keys are named, and either is what a client may see.
TEST_F(PlanTest, AServerMayGoOverToTwoKeys) {
  look_after(hours(0));
  world.records = "abc";
  look_after(hours(1));
  const NextKey other{"other.pem", {record_of("3 1 1 " + test::digest('c'))}};
  const std::vector<NextKey> both{next, other};
  for (ServedSince& each : name_servers) each.records = {{next.records[0], world.at}};
  const auto may_both = [&](StepKind kind) {
    const std::vector<Roll> rolls{{&report.hosts[0], &life, name_servers}};
    return gate(plan_of(rolls, both, world.at), kind);
  };
  EXPECT_EQ(may_both(StepKind::deploy).state, StepState::not_before);
  EXPECT_THAT(may_both(StepKind::deploy).why, HasSubstr("ns1 does not have 3 1 1 cccccccccccccccc"));
  for (ServedSince& each : name_servers) each.records.emplace_back(other.records[0], world.at);
  look_after(hours(2));
  EXPECT_EQ(may_both(StepKind::deploy).state, StepState::open);
  world.keys = {{"192.0.2.1", 'b'}, {"192.0.2.2", 'c'}};
  look_after(minutes(1));
  EXPECT_EQ(may_both(StepKind::remove).state, StepState::open);
  EXPECT_EQ(may_both(StepKind::remove).records.size(), 1U);
}

// Through an alias or a wildcard others may have the same records.
TEST_F(PlanTest, ARecordThatOthersMayUseIsNotRemovedUnlessAllAreNamed) {
  world.records = "ab";
  look_after(hours(0));
  serve_everywhere();
  world.all_show('b');
  look_after(hours(3));
  report.hosts[0].records[0].record.owner = "_dane.example.org";
  EXPECT_EQ(may(StepKind::remove).state, StepState::unknown);
  EXPECT_THAT(may(StepKind::remove).why, HasSubstr("stands at _dane.example.org"));
  const std::vector<Roll> rolls{{&report.hosts[0], &life, name_servers, true}};
  EXPECT_EQ(gate(plan_of(rolls, keys(), world.at), StepKind::remove).state, StepState::open);
}

// Without memory an old record and somebody's next look the same.
TEST_F(PlanTest, WhatOneLookAloneCannotTellIsNotRemoved) {
  world.records = "ab";
  world.all_show('b');
  look_after(hours(0));
  serve_everywhere();
  EXPECT_EQ(may(StepKind::remove).state, StepState::unknown);
  EXPECT_THAT(may(StepKind::remove).why, HasSubstr("whether it once did is not remembered"));
}

TEST_F(PlanTest, WhatWasNotLookedAtIsNotKnown) {
  EXPECT_EQ(gate(plan_of({}, keys(), world.at), StepKind::remove).state, StepState::unknown);
  world.records = "ab";
  look_after(hours(0));
  serve_everywhere();
  world.all_show('b');
  look_after(hours(3));
  report.hosts[0].dns.cuts = {{"addresses", 1, 2}};
  EXPECT_EQ(may(StepKind::remove).state, StepState::unknown);
  report.hosts[0].dns.cuts.clear();
  report.hosts[0].endpoints[0].seen.unobserved_views = {View::rsa};
  EXPECT_THAT(may(StepKind::remove).why, HasSubstr("not every certificate of 192.0.2.1 was seen"));
}

// No DANE client sees what is shown without its name.
TEST_F(PlanTest, WhatIsShownToThoseWhoNameNobodyCountsForNothing) {
  world.records = "ab";
  look_after(hours(0));
  serve_everywhere();
  world.all_show('b');
  look_after(hours(3));
  report.hosts[0].endpoints.push_back(report.hosts[0].endpoints[0]);
  report.hosts[0].endpoints.back().seen.view = View::no_sni;
  report.hosts[0].endpoints.back().cells = {Cell::match, Cell::no_match};
  EXPECT_EQ(may(StepKind::remove).state, StepState::open);
}

TEST_F(PlanTest, AServerWithoutRecordsBesideOthersIsNobodysConcern) {
  look_after(hours(0));
  HostReport backup = report.hosts[0];
  backup.dns.located = Located::no_tlsa;
  backup.records.clear();
  const std::vector<Roll> rolls{{&backup, &life, name_servers}, {&report.hosts[0], &life, name_servers}};
  EXPECT_EQ(gate(plan_of(rolls, keys(), world.at), StepKind::publish).state, StepState::open);
}

// Two servers with one set, by an alias.
TEST_F(PlanTest, ARecordIsToldOnce) {
  look_after(hours(0));
  const std::vector<Roll> rolls{{&report.hosts[0], &life, name_servers}, {&report.hosts[0], &life, name_servers}};
  EXPECT_EQ(gate(plan_of(rolls, keys(), world.at), StepKind::publish).records.size(), 1U);
}

// One that may not is one too many.
TEST_F(PlanTest, TheWorstServerDecidesForAll) {
  look_after(hours(0));
  world.records = "ab";
  look_after(hours(1));
  serve_everywhere();
  look_after(hours(2));
  const std::vector<Roll> both{{&report.hosts[0], &life, name_servers}, {&report.hosts[0], &life, {}}};
  EXPECT_EQ(gate(plan_of(std::span(both).first(1), keys(), world.at), StepKind::deploy).state, StepState::open);
  EXPECT_EQ(gate(plan_of(both, keys(), world.at), StepKind::deploy).state, StepState::unknown);
}

}  // namespace
}  // namespace danewatch

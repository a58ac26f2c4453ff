// From reports to a plan: name servers that were asked by themselves, and targets of which nothing was seen.
#include "probe/rollover/seen.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "probe/rollover/gate.hpp"
#include "probe/rollover/others.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

class SeenTest : public testing::Test {
 protected:
  SeenTest() {
    world.at = test::noon();
    world.name_servers = {{1, "a"}, {2, "a"}};
    next.file = "next.pem";
    next.records = {*parse_tlsa(test::record_of_key('b'))};
  }

  void look_after(std::chrono::seconds time) {
    world.at += time;
    report = world.report();
    add(life, report);
  }

  RolloverStep may(StepKind kind) {
    const std::vector<SeenTarget> seen{{&report, &life}};
    return gate(plan_for(seen, {{&next, 1}, false}, world.at), kind);
  }

  test::LifeWorld world;
  Life life;
  Report report;
  NextKey next;
};

TEST_F(SeenTest, TheSlowestNameServerIsTheOneThatGotItLast) {
  look_after(hours(0));
  EXPECT_EQ(may(StepKind::deploy).state, StepState::refused);
  world.records = "ab";
  world.name_servers[1] = "ab";
  look_after(minutes(10));
  EXPECT_EQ(may(StepKind::deploy).state, StepState::not_before);
  EXPECT_THAT(may(StepKind::deploy).why, HasSubstr("ns2.example.org (11.1.0.2) does not have 3 1 1 bbbbbbbbbbbbbbbb"));
  world.name_servers[2] = "ab";
  look_after(minutes(10));
  const SysTime opens = world.at + hours(2);
  EXPECT_EQ(may(StepKind::deploy).at, opens);
  EXPECT_THAT(may(StepKind::deploy).why, HasSubstr("after ns2.example.org (11.1.0.2) had them"));
  look_after(minutes(119));
  EXPECT_EQ(may(StepKind::deploy).at, opens) << "memory knows since when";
  look_after(minutes(1));
  EXPECT_EQ(may(StepKind::deploy).state, StepState::open);
}

TEST_F(SeenTest, WithoutMemoryItIsThereSinceNow) {
  world.records = "ab";
  world.name_servers = {{1, "ab"}, {2, "ab"}};
  look_after(hours(0));
  EXPECT_EQ(may(StepKind::deploy).at, world.at + hours(2));
}

TEST_F(SeenTest, ANameServerThatLostTheRecordBeginsAnew) {
  world.records = "ab";
  world.name_servers = {{1, "ab"}, {2, "ab"}};
  look_after(hours(0));
  world.name_servers[2] = "a";
  look_after(hours(3));
  world.name_servers[2] = "ab";
  look_after(minutes(5));
  EXPECT_EQ(may(StepKind::deploy).at, world.at + hours(2));
}

TEST_F(SeenTest, OneThatIsSilentIsToldByName) {
  world.records = "ab";
  world.name_servers = {{1, "ab"}, {2, "ab"}};
  look_after(hours(0));
  world.name_servers[2] = "?";
  look_after(hours(3));
  EXPECT_EQ(may(StepKind::deploy).state, StepState::unknown);
  EXPECT_THAT(may(StepKind::deploy).why, HasSubstr("ns2.example.org (11.1.0.2) does not answer"));
}

// By IPv6, say, from a machine that has none: its other address speaks for it, where it has one.
TEST_F(SeenTest, AnAddressThatCannotBeReachedFromHereIsKnownByTheOtherOfItsName) {
  world.records = "ab";
  world.name_servers = {{1, "ab"}, {2, "ab"}};
  look_after(hours(0));
  world.at += hours(3);
  report = world.report();
  ServerAnswers& second = report.servers.zones[0].servers[1];
  second.replies.clear();
  second.unasked = Unasked::no_route;
  EXPECT_THAT(may(StepKind::deploy).why, HasSubstr("ns2.example.org (11.1.0.2) cannot be reached from here"));
  second.name = "ns1.example.org";
  EXPECT_EQ(may(StepKind::deploy).state, StepState::open);
}

TEST_F(SeenTest, NameServersThatNobodyAskedOrNotAllOfThemAreNotKnown) {
  world.records = "ab";
  world.name_servers = {{1, "ab"}};
  look_after(hours(0));
  world.at += hours(3);
  report = world.report();
  report.servers.zones[0].servers_cut = 2;
  EXPECT_THAT(may(StepKind::deploy).why, HasSubstr("one of 2 more name servers of example.org was not asked"));
  report.servers = {};
  EXPECT_EQ(may(StepKind::deploy).state, StepState::unknown);
  EXPECT_THAT(may(StepKind::deploy).why, HasSubstr("were not asked one by one"));
}

// Submission has the same certificate, most of the time.
TEST_F(SeenTest, AnotherPortWithTheKeyHasToBeNamed) {
  world.records = "ab";
  world.name_servers = {{1, "ab"}, {2, "ab"}};
  look_after(hours(0));
  look_after(hours(3));
  const auto questions = other_ports_of(report);
  const Question submission{"_587._tcp.mx1.example.org", RrType::tlsa};
  const Question own{"_25._tcp.mx1.example.org", RrType::tlsa};
  EXPECT_NE(std::ranges::find(questions, submission), questions.end());
  EXPECT_EQ(std::ranges::find(questions, own), questions.end());
  Answer answer = test::answer(submission.name, RrType::tlsa);
  answer.canonical_name = submission.name;
  answer.data = {{*parse_tlsa(test::record_of_key('a')), test::record_of_key('a'), false}};
  const auto deploy = [&](std::vector<SeenTarget> targets, bool all_named = false) {
    targets.front().elsewhere = {answer};
    return gate(plan_for(targets, {{&next, 1}, all_named}, world.at), StepKind::deploy);
  };
  EXPECT_EQ(deploy({{&report, &life}}).state, StepState::refused);
  EXPECT_THAT(deploy({{&report, &life}}).why,
              HasSubstr("mx1.example.org:587 has a TLSA record of the key in use, too"));
  EXPECT_EQ(deploy({{&report, &life}}, true).state, StepState::open);
  Report named = report;
  named.hosts[0].dns.port = 587;
  EXPECT_THAT(deploy({{&report, &life}, {&named, &life}}).why, testing::Not(HasSubstr("too: name")));
  answer.canonical_name = "_25._tcp.mx1.example.org";
  EXPECT_EQ(deploy({{&report, &life}}).state, StepState::open) << "one set for both, by an alias";
}

TEST_F(SeenTest, ATargetThatWasNotSeenIsNoReasonToGoOn) {
  look_after(hours(0));
  report = world.blind();
  for (const StepKind kind : step_kinds) EXPECT_EQ(may(kind).state, StepState::unknown);
}

}  // namespace
}  // namespace danewatch

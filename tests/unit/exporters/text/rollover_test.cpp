// A plan, an answer and how far records have spread, as people and scripts read them.
#include "exporters/text/rollover.hpp"

#include <gmock/gmock.h>

#include "exporters/json/rollover.hpp"
#include "probe/rollover/gate.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

class RolloverText : public testing::Test {
 protected:
  RolloverText() {
    world.at = test::noon();
    world.name_servers = {{1, "a"}, {2, "a"}};
    next.records = {*parse_tlsa(test::record_of_key('b'))};
    look_after(hours(0));
  }

  void look_after(std::chrono::seconds time) {
    world.at += time;
    report = world.report();
    add(life, report);
  }

  void publish() {
    world.records = "ab";
    world.name_servers[1] = "ab";
    look_after(minutes(10));
  }

  SeenTarget seen() const { return {&report, &life}; }
  Plan plan() const {
    const std::vector<SeenTarget> targets{seen()};
    return plan_for(targets, {{&next, 1}, false}, world.at);
  }
  std::vector<RecordSpread> spread() const { return spread_of(seen(), report.hosts[0], {&next, 1}, world.at); }
  std::string line(StepKind kind) const { return answer_line(gate(plan(), kind)); }

  test::LifeWorld world;
  Life life;
  Report report;
  NextKey next{"next.pem", {}};
};

TEST_F(RolloverText, APlanSaysWhatIsSafeNowAndWhyTheRestIsNot) {
  EXPECT_EQ(plan_text(plan(), {}),
            "          mx1.example.org:25:\n"
            "now       publish: add\n"
            "\n"
            "_25._tcp.mx1.example.org. IN TLSA 3 1 1 " +
                test::digest('b') +
                "\n"
                "\n"
                "no        wait: 3 1 1 bbbbbbbbbbbbbbbb... of the next key is not published\n"
                "no        deploy: 3 1 1 bbbbbbbbbbbbbbbb... of the next key is not published\n"
                "not yet   look: no address shows the next key yet\n"
                "no        remove: an address still shows the key in use: its record must stay\n");
}

TEST_F(RolloverText, AnAnswerBeginsWithItsWordAndHasTimeAndReason) {
  EXPECT_EQ(answer_text(gate(plan(), StepKind::publish)),
            "yes\n_25._tcp.mx1.example.org. IN TLSA 3 1 1 " + test::digest('b') + "\n");
  EXPECT_THAT(line(StepKind::deploy), testing::StartsWith("no: mx1.example.org:25: 3 1 1 bbbb"));
  publish();
  EXPECT_EQ(line(StepKind::deploy),
            "not yet: not before 2026-01-31T14:10:00Z at the earliest: mx1.example.org:25: ns2.example.org (11.1.0.2) "
            "does not have 3 1 1 bbbbbbbbbbbbbbbb... yet; the wait of 7200 s begins when it has");
  world.name_servers[2] = "ab";
  look_after(minutes(10));
  EXPECT_EQ(line(StepKind::deploy),
            "not yet: not before 2026-01-31T14:20:00Z: mx1.example.org:25: caches may hold the records of before for "
            "3600 s, twice that after ns2.example.org (11.1.0.2) had them");
  look_after(hours(2));
  EXPECT_EQ(line(StepKind::deploy), "yes");
  world.all_show('b');
  look_after(minutes(1));
  EXPECT_EQ(line(StepKind::deploy), "yes: it is done");
  world.name_servers[2] = "?";
  look_after(minutes(1));
  EXPECT_THAT(answer_line(gate(plan(), StepKind::wait)),
              testing::StartsWith("unknown: mx1.example.org:25: ns2.example.org"));
}

TEST_F(RolloverText, HowFarRecordsHaveSpreadIsToldInTheWordsOfBind) {
  const auto state = [this](std::size_t record) { return spread().at(record).state; };
  EXPECT_EQ(state(1), RecordSpread::State::hidden);
  publish();
  EXPECT_EQ(state(0), RecordSpread::State::rumoured);
  EXPECT_THAT(spread_text(spread(), {}), HasSubstr("3 1 1 aaaaaaaaaaaaaaaa...: rumoured, since at least 2026-01-31"));
  EXPECT_EQ(state(1), RecordSpread::State::rumoured);
  EXPECT_THAT(spread_text(spread(), {}),
              HasSubstr("3 1 1 bbbbbbbbbbbbbbbb...: rumoured, since 2026-01-31 12:10 UTC;\n          ns2.example.org "
                        "(11.1.0.2) does not have it\n"));
  world.name_servers[2] = "ab";
  look_after(minutes(10));
  EXPECT_EQ(spread()[1].until, world.at + hours(2));
  look_after(hours(2));
  EXPECT_EQ(state(1), RecordSpread::State::omnipresent);
  EXPECT_EQ(spread()[1].until, std::nullopt);
  world.records = "a";
  world.name_servers = {{1, "a"}, {2, "a"}};
  look_after(minutes(10));
  EXPECT_EQ(state(1), RecordSpread::State::unretentive);
  EXPECT_EQ(spread()[1].until, world.at + hours(2));
  look_after(hours(2));
  EXPECT_EQ(state(1), RecordSpread::State::hidden);
  world.name_servers[1] = "?";
  look_after(minutes(10));
  EXPECT_EQ(state(1), RecordSpread::State::unknown);
}

TEST_F(RolloverText, JsonHasTheAnswerThePlanAndTheRecords) {
  publish();
  const RolloverStep step = gate(plan(), StepKind::deploy);
  const std::string json = to_json(plan(), spread(), &step, world.at);
  EXPECT_THAT(json, HasSubstr(R"("schema":"danewatch.rollover/1")"));
  EXPECT_THAT(json,
              HasSubstr(R"("gate":{"server":null,"step":"deploy","state":"not-before","at":"2026-01-31T14:10:00Z",)"
                        R"("at_may_move":true)"));
  EXPECT_THAT(json, HasSubstr(R"("state":"rumoured")"));
  EXPECT_THAT(to_json(plan(), {}, nullptr, world.at), HasSubstr(R"("gate":null)"));
}

TEST_F(RolloverText, WhatTheNetworkSaidIsEscaped) {
  publish();
  for (ServerAnswers& each : report.servers.zones[0].servers) each.name = "\x1b[31m";
  for (const StepKind kind : step_kinds) EXPECT_THAT(line(kind), testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(plan_text(plan(), {}), testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(spread_text(spread(), {}), testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace danewatch

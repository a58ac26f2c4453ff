// Recent runs as text, and what a life gives back after a restart.
#include "probe/life/runs.hpp"

#include <gtest/gtest.h>

#include "probe/life/restored.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

HistoryEntry run(int minute, Severity severity) {
  HistoryEntry entry;
  entry.at = test::noon() + std::chrono::minutes(minute);
  entry.severity = severity;
  entry.duration = std::chrono::milliseconds(100 + minute);
  if (severity == Severity::critical) {
    entry.conclusion = {Verdict::mismatch, Reason::no_match};
    entry.impact = Impact::deferred;
    entry.worst_finding = finding_table().front().code;
  } else {
    entry.conclusion = {Verdict::authenticated, Reason::none};
  }
  return entry;
}

TEST(Runs, ComeBackAsTheyWere) {
  std::vector<HistoryEntry> runs;
  for (int i = 0; i < 60; ++i) runs.push_back(run(i, i % 7 == 3 ? Severity::critical : Severity::ok));
  runs[20].at = runs[19].at - std::chrono::days(1);  // the clock went back
  EXPECT_EQ(unpacked(packed(runs)), runs);
  EXPECT_EQ(packed({}), "");
  EXPECT_EQ(unpacked(""), std::vector<HistoryEntry>{});
}

TEST(Runs, ThatEndAlikeCostAFewOctets) {
  std::vector<HistoryEntry> runs;
  for (int i = 0; i < 60; ++i) runs.push_back(run(5 * i, Severity::ok));
  EXPECT_LT(packed(runs).size(), 600U);
}

// A file that was changed by hand, or by a newer danewatch.
TEST(Runs, WhatIsNotUnderstoodEndsThem) {
  const std::string good = packed({run(0, Severity::ok)});
  for (const std::string bad :
       {"x", "1", "1 x", "1 1 mismatch", "1 1 mismatch no-match awful - -", "1 1 mismatch no-match ok - no-finding",
        "1 1 mismatch no-match ok no-impact -", "99999999999999999999 1", ";;"}) {
    EXPECT_EQ(unpacked(good + ";" + bad), unpacked(good)) << bad;
    EXPECT_TRUE(unpacked(bad).empty()) << bad;
  }
}

TEST(Runs, AreBounded) {
  std::string text = packed({run(0, Severity::ok)});
  for (int i = 0; i < 5000; ++i) text += ";1 1";
  EXPECT_EQ(unpacked(text).size(), 1000U);
}

TEST(Restored, HasTheRunsThatWereKeptAndSinceWhenItIsSo) {
  test::LifeWorld world;
  Life life;
  History before;
  for (int i = 0; i < 5; ++i) {
    world.at = test::noon() + std::chrono::minutes(i);
    if (i == 3) world.all_show('b');
    const auto report = std::make_shared<const Report>(world.report());
    add(life, *report);
    record(before, report);
  }
  life.head.runs = packed(before.entries);
  const History after = restored(life);
  EXPECT_EQ(after.entries, before.entries);
  EXPECT_EQ(after.since, before.since);
  EXPECT_EQ(after.last_success, before.last_success);
  EXPECT_EQ(after.records, before.records);
}

TEST(Restored, AVerdictIsReadAsItWasWritten) {
  for (const SeenVerdict& each : {SeenVerdict{{Verdict::authenticated, Reason::none}, Severity::ok},
                                  SeenVerdict{{Verdict::mismatch, Reason::no_match}, Severity::critical},
                                  SeenVerdict{{Verdict::no_service, Reason::none}, Severity::unknown}}) {
    const auto seen = verdict_seen(verdict_name(each));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->conclusion, each.conclusion);
    EXPECT_EQ(seen->severity, each.severity);
  }
  for (const auto* text : {"", "authenticated", "nothing ok", "/ ok"}) EXPECT_FALSE(verdict_seen(text)) << text;
}

// Memory keeps no verdict of a run that could not look; the runs themselves do.
TEST(Restored, KnowsSinceWhenNobodyCouldLook) {
  test::LifeWorld world;
  Life life;
  add(life, world.report());
  HistoryEntry blind;
  blind.conclusion = {Verdict::unknown, Reason::no_network};
  blind.severity = Severity::unknown;
  std::vector<HistoryEntry> runs{run(0, Severity::ok)};
  for (int i = 1; i < 4; ++i) {
    blind.at = test::noon() + std::chrono::minutes(i);
    runs.push_back(blind);
  }
  life.head.runs = packed(runs);
  EXPECT_EQ(restored(life).since, runs[1].at);
  EXPECT_EQ(restored(life).entries, runs);
}

}  // namespace
}  // namespace danewatch

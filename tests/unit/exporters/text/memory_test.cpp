#include "exporters/text/memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/json/memory.hpp"
#include "exporters/words/memory_words.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::minutes;
using test::LifeWorld;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MailTest : public testing::Test {
 protected:
  MailTest() { world.at = test::noon(); }

  std::string mail() { return mail_of(world.report()); }
  std::string mail_of(const Report& report) {
    const Change change = add(life, report);
    std::string text = mail_text(report, life, change, {});
    world.at += minutes(5);
    return text;
  }

  LifeWorld world;
  Life life;
};

TEST_F(MailTest, NothingIsSentWhereNothingChanged) {
  EXPECT_THAT(mail(), IsEmpty());
  EXPECT_THAT(mail(), IsEmpty());
}

// Whoever sets it up on a broken domain must not wait for a change.
TEST_F(MailTest, AFirstLookThatIsNotFineIsSentOnce) {
  world.verdict = Verdict::mismatch;
  world.severity = Severity::critical;
  EXPECT_THAT(mail(), HasSubstr("CRITICAL  example.org: mismatch\n          This is the first look at it."));
  EXPECT_THAT(mail(), IsEmpty());
}

TEST_F(MailTest, AChangeIsSentWithWhatItMeans) {
  mail();
  world.records = "ab";
  EXPECT_EQ(mail(),
            "OK        example.org: authenticated\n"
            "\n"
            "changed   mx1.example.org:25 has a new TLSA record: 3 1 1 bbbbbbbbbbbbbbbb...\n"
            "          If it is for a next key, use that key not before 2026-01-31 14:05 UTC:\n"
            "          until then a cache may hold the records of before.\n"
            "\n"
            "          Nothing is wrong.\n"
            "\n"
            "          Records of mx1.example.org:25:\n"
            "in-use    3 1 1 aaaaaaaaaaaaaaaa...: in use; published since at least 2026-01-31\n"
            "          12:00 UTC, last matched 2026-01-31 12:05 UTC\n"
            "unused    3 1 1 bbbbbbbbbbbbbbbb...: never matched what is shown; published\n"
            "          since 2026-01-31 12:05 UTC\n");
}

TEST_F(MailTest, ThatNobodyLooksIsSentOnce) {
  mail();
  EXPECT_THAT(mail_of(world.blind()), HasSubstr("UNKNOWN   example.org: unknown/no-network\n"));
  EXPECT_THAT(mail_of(world.blind()), IsEmpty());
  EXPECT_THAT(mail(), IsEmpty());
}

TEST_F(MailTest, AStaleRecordSaysSinceWhen) {
  mail();
  world.records = "ab";
  world.all_show('b');
  mail();
  EXPECT_THAT(records_text(life, {}), HasSubstr("former    3 1 1 aaaaaaaaaaaaaaaa...: stale since 2026-01-31 12:00 "
                                                "UTC: it\n          matched until then; published"));
}

TEST(MemoryWords, EveryEventHasASentenceWithAnEnd) {
  for (const EventCode code : event_codes()) {
    Event event;
    event.code = code;
    event.at = test::noon();
    event.place = "mx.example.org:25";
    event.since = test::noon();
    const std::string text = words::happened(event);
    EXPECT_GT(text.size(), 10U) << to_string(code);
    EXPECT_TRUE(text.ends_with(".")) << text;
    EXPECT_EQ(event_code_from(to_string(code)), code);
  }
}

TEST(MemoryWords, ANameServerThatDiffersIsToldWithItsRecords) {
  Event event;
  event.code = EventCode::server_differs;
  event.place = "mx1.example.org:25";
  event.at_addresses = "ns2.example.org (11.1.0.2)";
  event.now = test::record_of_key('a') + ", " + test::record_of_key('b');
  EXPECT_EQ(words::happened(event),
            "ns2.example.org (11.1.0.2) gives other TLSA records of mx1.example.org:25 than the rest: "
            "3 1 1 aaaaaaaaaaaaaaaa..., 3 1 1 bbbbbbbbbbbbbbbb...");
  event.now = "";
  EXPECT_THAT(words::happened(event), HasSubstr("than the rest: none."));
  event.code = EventCode::server_agrees;
  event.since = test::noon();
  event.at_addresses += ", ns3.example.org (11.1.0.3)";
  EXPECT_EQ(
      words::happened(event),
      "ns2.example.org (11.1.0.2), ns3.example.org (11.1.0.3) give the same TLSA records of mx1.example.org:25 as "
      "the rest again; others since 2026-01-31 12:00 UTC.");
}

TEST(HistoryText, TellsSinceWhenEachNameServerGivesWhat) {
  LifeWorld world;
  world.at = test::noon();
  world.name_servers = {{1, "a"}, {2, "a"}};
  Life life;
  add(life, world.report());
  world.at += minutes(5);
  world.records = "ab";
  world.name_servers[1] = "ab";
  add(life, world.report());
  EXPECT_THAT(history_text("example.org", life, {}, {}),
              HasSubstr("          Name servers for mx1.example.org:25:\n"
                        "agrees    ns1.example.org (11.1.0.1): gives 3 1 1 aaaaaaaaaaaaaaaa... since at\n"
                        "          least 2026-01-31 12:00 UTC, 3 1 1 bbbbbbbbbbbbbbbb... since 2026-01-31\n"
                        "          12:05 UTC; last answered 2026-01-31 12:05 UTC\n"
                        "differs   ns2.example.org (11.1.0.2): other records than the rest since\n"
                        "          2026-01-31 12:05 UTC; gives 3 1 1 aaaaaaaaaaaaaaaa... since at least\n"));
  EXPECT_THAT(to_json("example.org", life, {}),
              HasSubstr(R"({"server":"mx1.example.org:25","name_server":"ns2.example.org","address":"11.1.0.2",)"
                        R"("agrees":false,"since":"2026-01-31T12:05:00Z","since_at_least":false)"));
}

TEST(MemoryWords, WhatTheNetworkSaidIsEscaped) {
  Event event;
  event.code = EventCode::ds_changed;
  event.place = "\x1b[31mexample.org";
  event.now = "\xe2\x80\xae";
  EXPECT_THAT(words::happened(event), Not(HasSubstr("\x1b")));
  EXPECT_THAT(words::happened(event), Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_THAT(changes_text(std::vector<KeptEvent>{{"\x1b", event}}, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(to_json(KeptEvent{"\x1b\xff", event}), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace danewatch

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

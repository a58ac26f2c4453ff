#include "probe/life/life.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "probe/life/record_life.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::LifeWorld;
using test::record_of_key;

// Looks at the world, again and again.
class LifeTest : public testing::Test {
 protected:
  LifeTest() { world.at = test::noon(); }

  std::vector<std::string> look() { return codes(add(life, world.report())); }
  std::vector<std::string> look_after(std::chrono::seconds time) {
    world.at += time;
    return look();
  }

  std::vector<std::string> codes(const Change& change) {
    last = change.events;
    std::vector<std::string> result;
    for (const Event& each : change.events) result.emplace_back(to_string(each.code));
    return result;
  }

  RecordLife record(char key) const {
    for (const RecordLife& each : record_lives(life)) {
      if (each.record == record_of_key(key)) return each;
    }
    ADD_FAILURE() << "no record of " << key;
    return {};
  }

  const Event* event(EventCode code) const {
    const auto found = std::ranges::find(last, code, &Event::code);
    return found == last.end() ? nullptr : &*found;
  }

  using Codes = std::vector<std::string>;
  LifeWorld world;
  Life life;
  std::vector<Event> last;
};

TEST_F(LifeTest, WhatWasThereAtTheFirstLookIsNoEventAndSinceAtLeast) {
  EXPECT_EQ(look(), Codes{});
  EXPECT_TRUE(record('a').at_least);
  EXPECT_EQ(record('a').first_seen, test::noon());
  EXPECT_EQ(record('a').state, RecordLife::State::in_use);
}

TEST_F(LifeTest, NothingHappensTwice) {
  look();
  world.records = "ab";
  EXPECT_EQ(look_after(minutes(5)), Codes{"tlsa-added"});
  EXPECT_EQ(look_after(minutes(5)), Codes{});
  EXPECT_FALSE(record('b').at_least);
  EXPECT_EQ(record('b').state, RecordLife::State::unused);
}

TEST_F(LifeTest, AKeyThatIsReplacedLeavesAFormerRecord) {
  look();
  world.records = "ab";
  look_after(minutes(5));
  world.all_show('b');
  EXPECT_EQ(look_after(hours(3)), Codes{"key-changed"});
  EXPECT_EQ(last.front().at_addresses, "192.0.2.1, 192.0.2.2");
  EXPECT_EQ(record('a').state, RecordLife::State::former);
  EXPECT_EQ(record('a').last_matched, test::noon() + minutes(5));
  EXPECT_EQ(record('b').state, RecordLife::State::in_use);
  EXPECT_EQ(record('b').first_matched, world.at);
  world.records = "b";
  EXPECT_EQ(look_after(minutes(5)), Codes{"tlsa-removed"});
  EXPECT_EQ(record('a').state, RecordLife::State::gone);
}

TEST_F(LifeTest, DeployedTooEarlyIsToldOnceAndUntilWhen) {
  look();
  world.records = "ab";
  look_after(minutes(5));
  world.keys["192.0.2.1"] = 'b';
  EXPECT_EQ(look_after(minutes(60)), (Codes{"deployed-too-early", "key-changed"}));
  EXPECT_EQ(event(EventCode::deployed_too_early)->until, test::noon() + minutes(125));
  world.keys["192.0.2.2"] = 'b';
  EXPECT_EQ(look_after(minutes(5)), Codes{"key-changed"});
}

TEST_F(LifeTest, AKeyWhoseRecordIsOldEnoughIsNotTooEarly) {
  look();
  world.records = "ab";
  look_after(minutes(5));
  world.all_show('b');
  EXPECT_EQ(look_after(hours(2)), Codes{"key-changed"});
}

// A cache may hold what was served with the longer TTL.
TEST_F(LifeTest, ALoweredTtlCountsOnlyAfterTheOldOneHasRunOut) {
  world.ttl = 86400;
  look();
  world.ttl = 300;
  look_after(minutes(5));
  world.records = "ab";
  look_after(minutes(5));
  world.all_show('b');
  EXPECT_EQ(look_after(hours(4)), (Codes{"deployed-too-early", "key-changed"}));
}

// Record and key came between two looks that are a day apart: nobody knows in which order, and nobody is blamed.
TEST_F(LifeTest, WhatMayHaveBeenInTimeIsNotTooEarly) {
  look();
  world.records = "b";
  world.all_show('b');
  EXPECT_EQ(look_after(hours(24)), (Codes{"tlsa-added", "tlsa-removed", "key-changed"}));
}

TEST_F(LifeTest, RecordAndKeySwappedAtOnceIsTooEarly) {
  look();
  world.records = "b";
  world.all_show('b');
  EXPECT_EQ(look_after(minutes(5)),
            (Codes{"tlsa-added", "tlsa-removed", "removed-too-early", "deployed-too-early", "key-changed"}));
}

TEST_F(LifeTest, ARecordRemovedWhileItsCertificateIsShownIsRemovedTooEarly) {
  look();
  world.records = "ab";
  look_after(minutes(5));
  world.keys["192.0.2.1"] = 'b';
  look_after(hours(3));
  world.records = "b";
  EXPECT_EQ(look_after(hours(3)), (Codes{"tlsa-removed", "removed-too-early"}));
  EXPECT_EQ(event(EventCode::removed_too_early)->was, record_of_key('a'));
  EXPECT_FALSE(event(EventCode::removed_too_early)->until);
}

TEST_F(LifeTest, AnUnusedRecordMayGoAtAnyTime) {
  look();
  world.records = "ab";
  look_after(minutes(5));
  world.records = "a";
  EXPECT_EQ(look_after(minutes(5)), Codes{"tlsa-removed"});
}

TEST_F(LifeTest, AFirstRecordIsNoDanger) {
  world.records = "";
  look();
  world.records = "b";
  world.all_show('b');
  EXPECT_EQ(look_after(minutes(5)), (Codes{"tlsa-added", "key-changed"}));
}

TEST_F(LifeTest, WithdrawingDaneIsNotRemovingTooEarly) {
  look();
  world.records = "";
  EXPECT_EQ(look_after(minutes(5)), (Codes{"tlsa-removed", "tlsa-disappeared"}));
}

TEST_F(LifeTest, ARenewalOfTheSameKeyIsNoChangeOfKey) {
  look();
  ++world.renewals;
  EXPECT_EQ(look_after(minutes(5)), Codes{"certificate-renewed"});
  EXPECT_EQ(record('a').state, RecordLife::State::in_use);
  EXPECT_EQ(record('a').first_matched, test::noon());
}

TEST_F(LifeTest, AKeyThatComesBackIsKnown) {
  look();
  world.all_show('b');
  look_after(minutes(5));
  EXPECT_FALSE(event(EventCode::key_changed)->known_before);
  world.all_show('a');
  look_after(minutes(5));
  EXPECT_TRUE(event(EventCode::key_changed)->known_before);
}

TEST_F(LifeTest, DnssecThatIsLostAndBrokenAndMended) {
  look();
  world.tlsa = Status::insecure;
  EXPECT_EQ(look_after(minutes(5)), Codes{"dnssec-lost"});
  EXPECT_EQ(last.front().place, "TLSA of mx1.example.org:25");
  world.tlsa = Status::bogus;
  EXPECT_EQ(look_after(minutes(5)), Codes{"dnssec-broken"});
  world.tlsa = Status::secure;
  EXPECT_EQ(look_after(minutes(5)), (Codes{"dnssec-gained", "dnssec-mended"}));
}

// Signed, broken, unsigned: the protection is lost although the lookup works again.
TEST_F(LifeTest, ABrokenZoneThatBecomesUnsignedIsLost) {
  look();
  world.mx = Status::bogus;
  EXPECT_EQ(look_after(minutes(5)), Codes{"dnssec-broken"});
  world.mx = Status::insecure;
  EXPECT_EQ(look_after(minutes(5)), (Codes{"dnssec-lost", "dnssec-mended"}));
}

// The records of an unsigned zone are not proven to be gone.
TEST_F(LifeTest, LosingDnssecEndsNoRecord) {
  look();
  world.tlsa = Status::insecure;
  look_after(minutes(5));
  EXPECT_EQ(record('a').last_seen, test::noon());
  EXPECT_FALSE(record('a').gone_at);
  world.tlsa = Status::secure;
  look_after(minutes(5));
  EXPECT_EQ(record('a').first_seen, test::noon());
  EXPECT_EQ(record('a').last_seen, world.at);
}

TEST_F(LifeTest, HostsAndAddressesComeAndGo) {
  look();
  world.hosts.insert("mx2.example.org");
  EXPECT_EQ(look_after(minutes(5)), Codes{"mx-added"});
  world.addresses.erase("192.0.2.2");
  EXPECT_EQ(look_after(minutes(5)), (Codes{"address-removed", "address-removed"}));
  world.hosts.erase("mx2.example.org");
  EXPECT_EQ(look_after(minutes(5)), Codes{"mx-removed"});
}

TEST_F(LifeTest, StarttlsIsLostAndComesBack) {
  look();
  world.starttls = false;
  world.verdict = Verdict::tls_missing;
  world.severity = Severity::critical;
  EXPECT_EQ(look_after(minutes(5)), (Codes{"starttls-lost", "verdict-changed"}));
  EXPECT_EQ(last.back().was, "authenticated ok");
  EXPECT_EQ(last.back().now, "tls-missing critical");
  world.starttls = true;
  EXPECT_EQ(look_after(minutes(5)), Codes{"starttls-back"});
}

// A server that is down for a week does not make its record a left-over.
TEST_F(LifeTest, ASilentServerEndsNothing) {
  look();
  world.silent = {"192.0.2.1", "192.0.2.2"};
  EXPECT_EQ(look_after(hours(24 * 7)), Codes{});
  EXPECT_EQ(record('a').state, RecordLife::State::in_use);
  EXPECT_EQ(record('a').last_matched, test::noon());
}

TEST_F(LifeTest, ARunThatCouldNotLookEndsNothing) {
  look();
  const Life before = life;
  world.at += hours(24 * 7);
  const Change change = add(life, world.blind());
  EXPECT_TRUE(change.events.empty());
  EXPECT_FALSE(change.could_look);
  EXPECT_EQ(life.open, before.open);
  EXPECT_EQ(life.head.last_looked, test::noon());
  EXPECT_EQ(life.head.blind_since, world.at);
}

// A stable target costs its keeper one row a look.
TEST_F(LifeTest, AnUnchangedLookChangesNothingButItsTime) {
  look();
  world.at += minutes(5);
  const Change change = add(life, world.report());
  EXPECT_TRUE(change.intervals.empty());
  EXPECT_TRUE(change.places.empty());
  EXPECT_EQ(record('a').last_seen, world.at);
}

TEST_F(LifeTest, AClockThatWentBackBlamesNobody) {
  look();
  world.records = "ab";
  look_after(minutes(5));
  world.all_show('b');
  EXPECT_EQ(look_after(-hours(24)), Codes{"key-changed"});
  for (const RecordLife& each : record_lives(life)) EXPECT_LE(each.first_seen, each.last_seen);
  EXPECT_TRUE(record('b').at_least);
}

TEST_F(LifeTest, WhatEndedIsBounded) {
  const LifeLimits limits{.open = 64, .past = 10};
  for (int i = 0; i < 100; ++i) {
    world.all_show(static_cast<char>('a' + i % 6));
    world.at += hours(1);
    const Change change = add(life, world.report(), limits);
    EXPECT_TRUE(i <= 20 || !change.dropped.empty());
  }
  EXPECT_EQ(life.past.size(), 10U);
}

TEST(LifeKey, IsTheSameForEverySpelling) {
  const auto key = [](std::string_view text) { return life_key(parse_targets(text)->front()); };
  EXPECT_EQ(key("example.org"), "example.org");
  EXPECT_EQ(key("EXAMPLE.org."), "example.org");
  EXPECT_EQ(key("mx.example.org:25"), "smtp://mx.example.org:25");
  EXPECT_EQ(key("smtp://mx.example.org"), key("mx.example.org:25"));
  EXPECT_EQ(key("_imaps._tcp.example.org"), "_imaps._tcp.example.org");
  EXPECT_EQ(key("[2001:db8::1]:25"), "[2001:db8::1]:25");
}

}  // namespace
}  // namespace danewatch

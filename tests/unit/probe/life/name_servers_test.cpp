// What each name server gives, remembered by itself.
#include "probe/life/name_servers.hpp"

#include <gtest/gtest.h>

#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::LifeWorld;
using test::record_of_key;

// Looks at the world, again and again.
class NameServerLives : public testing::Test {
 protected:
  using Codes = std::vector<std::string>;

  NameServerLives() { world.at = test::noon(); }

  Codes look() {
    last = add(life, world.report()).events;
    Codes codes;
    for (const Event& each : last) codes.emplace_back(to_string(each.code));
    return codes;
  }
  Codes look_after(std::chrono::seconds time) {
    world.at += time;
    return look();
  }

  LifeWorld world;
  Life life;
  std::vector<Event> last;
};

// Since when each name server gives which records, whatever danewatch's own resolver was told.
TEST_F(NameServerLives, ANameServerThatLagsIsRememberedByItself) {
  world.name_servers = {{1, "a"}, {2, "a"}};
  look();
  world.records = "ab";
  world.name_servers[1] = "ab";
  EXPECT_EQ(look_after(minutes(5)), (Codes{"tlsa-added", "server-differs"}));
  EXPECT_EQ(last.back().place, "mx1.example.org:25");
  EXPECT_EQ(last.back().at_addresses, "ns2.example.org (11.1.0.2)");
  EXPECT_EQ(last.back().now, record_of_key('a'));
  EXPECT_EQ(last.back().was, record_of_key('a') + ", " + record_of_key('b'));
  EXPECT_EQ(look_after(minutes(5)), Codes{}) << "told once";
  world.name_servers[2] = "ab";
  EXPECT_EQ(look_after(minutes(5)), Codes{"server-agrees"});
  EXPECT_EQ(last.back().since, test::noon() + minutes(5));
  const auto servers = name_server_lives(life);
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(servers[0].name_server, "ns1.example.org");
  EXPECT_EQ(servers[0].records, (std::vector<GivenRecord>{{record_of_key('a'), test::noon(), true},
                                                          {record_of_key('b'), test::noon() + minutes(5), false}}));
  EXPECT_EQ(servers[1].records.back(), (GivenRecord{record_of_key('b'), test::noon() + minutes(15), false}));
  EXPECT_TRUE(servers[1].agrees);
  EXPECT_EQ(servers[1].since, test::noon() + minutes(15));
}

TEST_F(NameServerLives, ANameServerThatIsNotAskedOrSilentIsAsItWas) {
  world.name_servers = {{1, "a"}, {2, "a"}};
  look();
  const auto before = name_server_lives(life);
  world.name_servers = {};
  EXPECT_EQ(look_after(minutes(5)), Codes{});
  world.name_servers = {{1, "?"}, {2, "?"}};
  EXPECT_EQ(look_after(minutes(5)), Codes{});
  EXPECT_EQ(name_server_lives(life), before);
  EXPECT_EQ(before.front().last_asked, test::noon());
  world.name_servers = {{1, "a"}, {2, "?"}};
  EXPECT_EQ(look_after(minutes(5)), Codes{});
  EXPECT_EQ(name_server_lives(life).front().last_asked, world.at);
  EXPECT_EQ(name_server_lives(life).back(), before.back());
}

// `serve` asks them once an hour, and tells what they said until it asks again.
TEST_F(NameServerLives, WhatNameServersSaidEarlierIsNotSaidAgain) {
  world.name_servers = {{1, "a"}, {2, "b"}};
  look();
  const auto before = name_server_lives(life);
  world.asked_before = minutes(5);
  world.name_servers[2] = "ab";
  EXPECT_EQ(look_after(minutes(10)), Codes{});
  EXPECT_EQ(name_server_lives(life), before);
}

// It lost the record, and has it again: caches may have read what it gave in between.
TEST_F(NameServerLives, ARecordThatANameServerLostBeginsAnew) {
  world.records = "ab";
  world.name_servers = {{1, "ab"}, {2, "ab"}};
  look();
  world.name_servers[2] = "a";
  EXPECT_EQ(look_after(minutes(5)), Codes{"server-differs"});
  world.name_servers[2] = "ab";
  EXPECT_EQ(look_after(minutes(5)), Codes{"server-agrees"});
  EXPECT_EQ(name_server_lives(life).back().records.back(), (GivenRecord{record_of_key('b'), world.at, false}));
}

TEST_F(NameServerLives, NameServersThatDifferAtTheFirstLookAreNoEvent) {
  look();
  world.name_servers = {{1, "a"}, {2, ""}};
  EXPECT_EQ(look_after(minutes(5)), Codes{});
  EXPECT_FALSE(name_server_lives(life).back().agrees);
  EXPECT_TRUE(name_server_lives(life).back().at_least);
}

// Whoever asks it may hold its answer for that long.
TEST_F(NameServerLives, TheLongestTtlOfAnyNameServerCounts) {
  world.name_servers = {{1, "a"}, {2, "a"}};
  Report report = world.report();
  for (ServerReply& reply : report.servers.zones[0].servers[1].replies) reply.ttl = 86400;
  add(life, report);
  EXPECT_EQ(waiting_time(life, "mx1.example.org:25", world.at), hours(48));
  world.name_servers = {};
  look_after(hours(1));
  EXPECT_EQ(waiting_time(life, "mx1.example.org:25", world.at), hours(48)) << "nobody asked it since";
  look_after(hours(25));
  EXPECT_EQ(waiting_time(life, "mx1.example.org:25", world.at), hours(2));
}

// What does not validate is nobody's record.
TEST_F(NameServerLives, ANameServerWithoutARightSignatureIsAsItWas) {
  world.name_servers = {{1, "a"}, {2, "a"}};
  look();
  world.name_servers[2] = "b";
  world.at += minutes(5);
  Report report = world.report();
  for (ServerReply& reply : report.servers.zones[0].servers[1].replies) reply.signatures.clear();
  EXPECT_TRUE(add(life, report).events.empty());
  EXPECT_EQ(name_server_lives(life).back().records.front().record, record_of_key('a'));
}

}  // namespace
}  // namespace danewatch

// Which name servers a zone has, and what each of them is asked.
#include "resolver/servers/ask_name_servers.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/support/fake_resolver.hpp"
#include "tests/support/fake_servers.hpp"
#include "tests/support/manual_clock.hpp"

namespace danewatch {
namespace {

using test::FakeServers;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Lines = std::vector<std::string>;

constexpr SysTime now{std::chrono::seconds{1'701'000'000}};
const Question tlsa{"_25._tcp.mx.example.lab", RrType::tlsa};

Lines zone_lines(int serial, const std::string& data = "aabb") {
  return {"example.lab. 60 IN SOA ns1.example.lab. host.example.lab. " + std::to_string(serial) + " 1 2 3 4",
          "example.lab. 60 IN MX 10 mx.example.lab.", "_25._tcp.mx.example.lab. 60 IN TLSA 3 1 1 " + data};
}

class AskNameServers : public testing::Test {
 protected:
  AskNameServers() {
    clock.time = now;
    world.signer("example.lab")
        .signer("lab")
        .secure("example.lab NS", {"ns1.example.lab.", "ns2.example.lab."})
        .secure("example.lab DS", {"1 13 2 aa"})
        .secure("lab NS", {"a.nic.lab."})
        .secure("a.nic.lab A", {"11.9.0.1"})
        .secure("ns1.example.lab A", {"11.0.0.1"})
        .secure("ns2.example.lab A", {"11.0.0.2"});
    servers.serve("11.0.0.1", zone_lines(7)).serve("11.0.0.2", zone_lines(6, "ccdd"));
    servers.refer("11.9.0.1", {"example.lab. 60 IN NS ns1.example.lab.", "example.lab. 60 IN NS ns2.example.lab."});
  }

  std::vector<ZoneServers> ask(std::vector<ZoneQuestion> questions = {{tlsa, "example.lab"}}) {
    std::vector<ZoneServers> zones;
    boost::asio::io_context io;
    const auto deadline = clock.steady() + patience;
    boost::asio::co_spawn(io, ask_name_servers(world, servers, std::move(questions), limits, clock, deadline),
                          [&](const std::exception_ptr& error, std::vector<ZoneServers> got) {
                            if (error) std::rethrow_exception(error);
                            zones = std::move(got);
                          });
    io.run();
    return zones;
  }

  FakeResolver world;
  FakeServers servers;
  ServerLimits limits;
  test::ManualClock clock;
  std::chrono::seconds patience{60};
};

TEST_F(AskNameServers, EachIsAskedByUdpAndByTcp) {
  const auto zones = ask();
  ASSERT_EQ(zones.size(), 1U);
  ASSERT_EQ(zones[0].servers.size(), 2U);
  EXPECT_THAT(zones[0].at_parent, ElementsAre("ns1.example.lab", "ns2.example.lab"));
  EXPECT_THAT(zones[0].at_child, ElementsAre("ns1.example.lab", "ns2.example.lab"));
  for (const ServerAnswers& server : zones[0].servers) {
    EXPECT_TRUE(server.at_parent && server.at_child && server.by_name);
    for (const Transport transport : {Transport::udp, Transport::tcp}) {
      ASSERT_NE(reply_to(server, {"example.lab", RrType::soa}, transport), nullptr);
      ASSERT_NE(reply_to(server, tlsa, transport), nullptr);
    }
  }
  EXPECT_EQ(serial_of(zones[0].servers[0]), 7U);
  EXPECT_EQ(serial_of(zones[0].servers[1]), 6U);
  EXPECT_EQ(reply_to(zones[0].servers[1], tlsa, Transport::udp)->data.at(0).text, "3 1 1 ccdd");
}

TEST_F(AskNameServers, NamesOfParentAndChildAreBothAsked) {
  world.secure("ns3.example.lab A", {"11.0.0.3"});
  servers.refer("11.9.0.1", {"example.lab. 60 IN NS ns1.example.lab.", "example.lab. 60 IN NS ns3.example.lab.",
                             "ns1.example.lab. 60 IN A 11.0.0.9"});
  servers.serve("11.0.0.3", zone_lines(7)).serve("11.0.0.9", zone_lines(7));
  const auto zone = ask().at(0);
  ASSERT_EQ(zone.servers.size(), 4U);
  EXPECT_TRUE(zone.servers[0].by_name);
  EXPECT_FALSE(zone.servers[0].by_glue);
  EXPECT_EQ(to_string(zone.servers[1].address), "11.0.0.9");
  EXPECT_TRUE(zone.servers[1].by_glue);
  EXPECT_FALSE(zone.servers[1].by_name);
  EXPECT_EQ(zone.servers[2].name, "ns2.example.lab");
  EXPECT_FALSE(zone.servers[2].at_parent);
  EXPECT_EQ(zone.servers[3].name, "ns3.example.lab");
  EXPECT_FALSE(zone.servers[3].at_child);
}

// Whoever has a zone can name any address as its name server.
TEST_F(AskNameServers, AnAddressThatIsNotGlobalIsNeverAsked) {
  for (const char* address : {"127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1"}) {
    world.secure("ns2.example.lab A", {address});
    const auto zone = ask().at(0);
    ASSERT_EQ(zone.servers.size(), 2U);
    EXPECT_EQ(zone.servers[1].unasked, Unasked::not_global);
    EXPECT_EQ(servers.asked_at(address), 0U) << address;
  }
  world.secure("lab NS", {"b.nic.lab."}).secure("b.nic.lab A", {"127.0.0.1"});
  static_cast<void>(ask());
  EXPECT_EQ(servers.asked_at("127.0.0.1"), 0U) << "nor for the delegation";
}

TEST_F(AskNameServers, WhatTheCallerForbidsIsNotAsked) {
  limits.allowed = [](const Address& address) { return to_string(address) != "11.0.0.2"; };
  static_cast<void>(ask());
  EXPECT_EQ(servers.asked_at("11.0.0.2"), 0U);
  EXPECT_GT(servers.asked_at("11.0.0.1"), 0U);
}

TEST_F(AskNameServers, AnAddressGetsEightQuestionsAtMost) {
  std::vector<ZoneQuestion> questions{{{"example.lab", RrType::mx}, "example.lab"}};
  for (int i = 0; i < 20; ++i)
    questions.push_back({{"_25._tcp.mx" + std::to_string(i) + ".example.lab", RrType::tlsa}, "example.lab"});
  static_cast<void>(ask(questions));
  EXPECT_EQ(servers.asked_at("11.0.0.1"), 8U);
  EXPECT_THAT(servers.asked(), Contains("11.0.0.1 tcp example.lab SOA"));
}

TEST_F(AskNameServers, SilenceIsBelievedTheSecondTime) {
  int left = 1;
  servers.faulty("11.0.0.2", [&](const Question& question, Transport) {
    const bool lost = question.type == RrType::soa && left-- > 0;
    return FakeServers::Fault{lost ? Contact::silent : Contact::answered};
  });
  const auto zone = ask().at(0);
  EXPECT_EQ(reply_to(zone.servers[1], {"example.lab", RrType::soa}, Transport::udp)->contact, Contact::answered);
}

TEST_F(AskNameServers, WhoIsSilentIsAskedNoFurther) {
  servers.faulty("11.0.0.2", [](const Question&, Transport) { return FakeServers::Fault{Contact::silent}; });
  const auto zone = ask().at(0);
  EXPECT_EQ(servers.asked_at("11.0.0.2"), 3U) << "twice by UDP, once by TCP";
  EXPECT_EQ(zone.servers[1].unasked, Unasked::none);
  EXPECT_FALSE(serial_of(zone.servers[1]));
}

TEST_F(AskNameServers, NoWayThereIsALimitOfOurs) {
  world.secure("ns2.example.lab AAAA", {"2a00:1::2"});
  servers.faulty("2a00:1::2", [](const Question&, Transport) { return FakeServers::Fault{Contact::unreachable}; });
  const auto zone = ask().at(0);
  ASSERT_EQ(zone.servers.size(), 3U);
  EXPECT_EQ(zone.servers[2].unasked, Unasked::no_route);
  EXPECT_THAT(zone.servers[2].replies, IsEmpty());
}

TEST_F(AskNameServers, TwoNamesOfOneAddressAreAskedOnce) {
  world.secure("ns2.example.lab A", {"11.0.0.1"});
  const auto zone = ask().at(0);
  EXPECT_EQ(servers.asked_at("11.0.0.1"), 4U);
  EXPECT_EQ(zone.servers[0].replies, zone.servers[1].replies);
}

TEST_F(AskNameServers, ThirteenNamesAndFourAddressesAreTheLimit) {
  std::vector<std::string> names, addresses;
  for (int i = 10; i < 30; ++i) {
    names.push_back("ns" + std::to_string(i) + ".example.lab.");
    addresses.push_back("11.2.0." + std::to_string(i));
  }
  world.secure("example.lab NS", names);
  servers.refer("11.9.0.1", {});
  for (const std::string& name : names) world.secure(name.substr(0, name.size() - 1) + " A", addresses);
  const auto zone = ask().at(0);
  EXPECT_EQ(zone.servers_cut, 7U);
  std::size_t asked = 0;
  for (const ServerAnswers& server : zone.servers) asked += server.unasked == Unasked::none ? 1 : 0;
  EXPECT_EQ(asked, 13U * 4U);
}

// Where no signature tells the zone, its NS records do.
TEST_F(AskNameServers, AZoneIsFoundByItsNameServers) {
  const auto zones = ask({{tlsa, std::nullopt}, {{"example.lab", RrType::mx}, "example.lab"}});
  ASSERT_EQ(zones.size(), 1U);
  EXPECT_EQ(zones[0].zone, "example.lab");
}

TEST_F(AskNameServers, TheDeadlineEndsItAsALimitOfOurs) {
  patience = std::chrono::seconds(-1);
  const auto zones = ask();
  for (const ServerAnswers& server : zones.at(0).servers) EXPECT_EQ(server.unasked, Unasked::no_time);
  EXPECT_THAT(servers.asked(), Each(Not(HasSubstr("SOA"))));
}

TEST(SerialNumbers, AreComparedByRfc1982) {
  EXPECT_TRUE(is_before(1, 2));
  EXPECT_FALSE(is_before(2, 1));
  EXPECT_FALSE(is_before(5, 5));
  EXPECT_TRUE(is_before(4294967295U, 0)) << "it goes round";
  EXPECT_TRUE(is_before(4000000000U, 5));
  EXPECT_FALSE(is_before(0, 2147483648U)) << "undefined: neither is before the other";
  EXPECT_FALSE(is_before(2147483648U, 0));
}

}  // namespace
}  // namespace danewatch

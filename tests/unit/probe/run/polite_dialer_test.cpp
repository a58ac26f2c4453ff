// A survey's dialer: whom it never connects to, and that everybody gets a turn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "probe/run/polite_dialer.hpp"
#include "probe/run/polite_resolver.hpp"
#include "tests/support/ask.hpp"
#include "tests/support/probe_fixture.hpp"

namespace danewatch::test {
namespace {

boost::asio::awaitable<bool> answered(bool is_there) {
  co_return is_there;
}

class PoliteDialerTest : public testing::Test {
 protected:
  // All at once; what each of them saw.
  std::vector<TlsEvidence> look_at(const std::vector<std::pair<std::string, std::string>>& hosts) {
    boost::asio::io_context io;
    SelfWatch watch(io.get_executor(), clock, senses);
    PoliteDialer dialer(io.get_executor(), servers, clock, courtesy, opt_out, watch,
                        [](const std::string& host) { return host.substr(host.find('.') + 1); });
    std::vector<TlsEvidence> seen(hosts.size());
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      Endpoint endpoint;
      endpoint.sni = hosts[i].first;
      endpoint.address = parse_address(hosts[i].second).value();
      endpoint.port = 25;
      boost::asio::co_spawn(io, dialer.observe(endpoint, {}, Deadline::max()),
                            [&, i](const std::exception_ptr& error, TlsEvidence evidence) {
                              if (error) std::rethrow_exception(error);
                              seen[i] = std::move(evidence);
                            });
    }
    io.run();
    EXPECT_EQ(dialer.waiting(), 0U);
    return seen;
  }

  static CourtesyLimits limits() {
    CourtesyLimits limits;
    limits.per_provider = 3;
    limits.per_network = 2;
    return limits;
  }

  FakeDialer servers;
  ManualClock clock;
  SelfSenses senses;
  Courtesy courtesy{limits()};
  OptOut opt_out = OptOut::parse("quiet.example\n11.9.0.0/16\n").value();
};

TEST_F(PoliteDialerTest, ReservedAddressesAreNeverConnectedTo) {
  const auto seen = look_at({{"mx.a.example", "127.0.0.1"},
                             {"mx.a.example", "10.0.0.1"},
                             {"mx.a.example", "::1"},
                             {"mx.a.example", "192.0.2.1"},
                             {"mx.a.example", "64:ff9b::a00:1"}});
  for (const TlsEvidence& each : seen) {
    EXPECT_EQ(each.fault, Fault::local);
    EXPECT_EQ(each.error, not_public);
  }
  EXPECT_TRUE(servers.looks().empty());
}

TEST_F(PoliteDialerTest, WhoOptedOutIsNotConnectedTo) {
  const auto seen = look_at({{"mx.quiet.example", "11.0.0.1"}, {"mx.other.example", "11.9.1.1"}});
  for (const TlsEvidence& each : seen) EXPECT_EQ(each.error, opted_out);
  EXPECT_TRUE(servers.looks().empty());
}

TEST_F(PoliteDialerTest, EverybodyGetsATurnAndNobodyTooMany) {
  std::vector<std::pair<std::string, std::string>> hosts;
  for (int i = 1; i <= 40; ++i) {
    const std::string address = "11.0." + std::to_string(i % 4) + "." + std::to_string(i);
    servers.plays(shows(address, {}, 'a').tls);
    hosts.emplace_back("h" + std::to_string(i) + ".big.example", address);
  }
  const auto seen = look_at(hosts);
  for (const TlsEvidence& each : seen) EXPECT_EQ(each.fault, Fault::none);
  EXPECT_EQ(servers.looks().size(), 40U);
  EXPECT_LE(servers.most_at_once(), 3U);
}

TEST_F(PoliteDialerTest, WhoTurnedUsAwayIsLeftAloneForAWhile) {
  servers.plays(fails("11.0.0.1", Stage::greeting, Fault::reply).tls);
  EXPECT_EQ(look_at({{"mx.a.example", "11.0.0.1"}}).front().fault, Fault::reply);
  const auto again = look_at({{"mx.b.example", "11.0.0.1"}}).front();
  EXPECT_EQ(again.fault, Fault::local);
  EXPECT_EQ(servers.looks().size(), 1U);
  clock.steady_time += std::chrono::minutes(20);
  EXPECT_EQ(look_at({{"mx.b.example", "11.0.0.1"}}).front().fault, Fault::reply);
}

TEST_F(PoliteDialerTest, SilenceWhileTheNetworkIsAwayIsNotHeldAgainstTheServer) {
  bool is_there = false;
  senses.canary = [&] { return answered(is_there); };
  servers.plays(fails("11.0.0.1", Stage::connect, Fault::timeout).tls);
  const auto away = look_at({{"mx.a.example", "11.0.0.1"}}).front();
  EXPECT_EQ(away.fault, Fault::local);
  EXPECT_EQ(away.error, in_words(Ours::no_network));
  is_there = true;
  EXPECT_EQ(look_at({{"mx.a.example", "11.0.0.1"}}).front().fault, Fault::timeout) << "nobody has been turned away";
}

TEST_F(PoliteDialerTest, ARefusalIsAWordWhateverWeAre) {
  senses.canary = [] { return answered(false); };
  EXPECT_EQ(look_at({{"mx.a.example", "11.0.0.1"}}).front().fault, Fault::refused);
}

TEST_F(PoliteDialerTest, NothingIsAskedAboutWhoOptedOut) {
  FakeResolver world;
  world.secure("mx.quiet.example A", {"11.0.0.1"}).secure("mx.loud.example A", {"11.0.0.2"});
  boost::asio::io_context io;
  SelfWatch watch(io.get_executor(), clock, senses);
  PoliteResolver resolver(world, opt_out, clock, watch);
  EXPECT_EQ(ask(io, resolver, {"mx.quiet.example", RrType::a}).failure, Failure::local);
  EXPECT_EQ(ask(io, resolver, {"mx.loud.example", RrType::a}).status, Status::secure);
  EXPECT_THAT(world.asked(), testing::ElementsAre("mx.loud.example A"));
}

TEST_F(PoliteDialerTest, AnAnswerThatMayBeOfOurMakingIsNone) {
  FakeResolver world;
  world.failed("dead.example MX", Failure::timeout)
      .bogus("forged.example MX")
      .secure("good.example MX", {"10 mx.example"});
  boost::asio::io_context io;
  SelfWatch watch(io.get_executor(), clock, senses);
  PoliteResolver resolver(world, opt_out, clock, watch);
  EXPECT_EQ(ask(io, resolver, {"dead.example", RrType::mx}).failure, Failure::timeout);
  EXPECT_EQ(ask(io, resolver, {"forged.example", RrType::mx}).status, Status::bogus);
  watch.lateness().expect(clock.steady_time);
  clock.steady_time += std::chrono::seconds(1);
  for (const std::string name : {"dead.example", "forged.example"}) {
    const Answer answer = ask(io, resolver, {name, RrType::mx});
    EXPECT_EQ(answer.status, Status::failed) << name;
    EXPECT_EQ(answer.failure, Failure::local) << name;
  }
  EXPECT_EQ(ask(io, resolver, {"good.example", RrType::mx}).status, Status::secure) << "what was proven is proven";
}

}  // namespace
}  // namespace danewatch::test

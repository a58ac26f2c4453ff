#include "probe/observe/address_policy.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "probe/observe/guarded_dialer.hpp"
#include "probe/run/refused.hpp"
#include "tests/support/fake_dialer.hpp"
#include "tests/support/fake_matcher.hpp"
#include "tests/support/fake_resolver.hpp"
#include "tests/support/manual_clock.hpp"

namespace danewatch {
namespace {

Target target(std::string_view text) {
  return parse_targets(text).value().front();
}

TargetPolicy only(const std::vector<std::string>& names, const std::vector<std::string>& blocks) {
  TargetPolicy policy{names, {}};
  for (const auto& block : blocks) policy.blocks.push_back(parse_address_block(block).value());
  return policy;
}

bool dials(const TargetPolicy& policy, std::string_view address) {
  return is_allowed(policy, parse_address(address).value());
}

TEST(TargetPolicy, ByDefaultAnyNameButGlobalAddressesOnly) {
  const TargetPolicy policy;
  EXPECT_TRUE(is_allowed(policy, target("example.org")));
  EXPECT_TRUE(is_allowed(policy, target("45.64.17.1:25")));
  EXPECT_FALSE(is_allowed(policy, target("127.0.0.1:22")));
  EXPECT_FALSE(is_allowed(policy, target("[::1]:22")));
  EXPECT_FALSE(is_allowed(policy, target("169.254.169.254:443")));
  EXPECT_TRUE(dials(policy, "45.64.17.1"));
  for (const auto* address : {"10.0.0.1", "192.168.1.1", "127.0.0.1", "::1", "fe80::1", "fd00::1", "0.0.0.0"}) {
    EXPECT_FALSE(dials(policy, address)) << address;
  }
}

TEST(TargetPolicy, AnAddressThatWrapsAnotherGoesByBoth) {
  EXPECT_FALSE(dials({}, "::ffff:127.0.0.1"));
  EXPECT_FALSE(dials({}, "64:ff9b::7f00:1")) << "127.0.0.1 through NAT64";
  EXPECT_FALSE(dials({}, "64:ff9b::a00:1")) << "10.0.0.1 through NAT64";
}

TEST(TargetPolicy, NamesLimitTheText) {
  const auto policy = only({"example.org", "*.example.net"}, {});
  EXPECT_TRUE(is_allowed(policy, target("example.org")));
  EXPECT_TRUE(is_allowed(policy, target("https://mx.example.net")));
  EXPECT_TRUE(is_allowed(policy, target("_imaps._tcp.example.org")));
  EXPECT_FALSE(is_allowed(policy, target("mx.example.org")));
  EXPECT_FALSE(is_allowed(policy, target("example.net")));
  EXPECT_FALSE(is_allowed(policy, target("notexample.net")));
}

TEST(TargetPolicy, BlocksLimitTheAddresses) {
  const auto policy = only({}, {"10.1.0.0/16", "2001:db8::/32"});
  EXPECT_TRUE(is_allowed(policy, target("whatever.example")));
  EXPECT_TRUE(dials(policy, "10.1.255.255"));
  EXPECT_TRUE(dials(policy, "2001:db8:ffff::1"));
  EXPECT_FALSE(dials(policy, "10.2.0.0"));
  EXPECT_FALSE(dials(policy, "45.64.17.1")) << "global, and not in the list";
  EXPECT_FALSE(is_allowed(policy, target("45.64.17.1:25")));
}

TEST(AddressBlock, SaysWhatIsWrong) {
  EXPECT_EQ(parse_address_block("10.0.0.1/8").error().message, "has bits behind its prefix: 10.0.0.0/8");
  EXPECT_EQ(parse_address_block("10.0.0.0/33").error().message, "the prefix must be 0 to 32");
  EXPECT_EQ(parse_address_block("10.0.0.0/x").error().message, "the prefix must be 0 to 32");
  EXPECT_EQ(to_string(parse_address_block("192.0.2.1").value()), "192.0.2.1/32");
  EXPECT_TRUE(contains(parse_address_block("0.0.0.0/0").value(), parse_address("1.2.3.4").value()));
}

// A resolver whose answer for an address changes with every question.
class Rebinding final : public Resolver {
 public:
  explicit Rebinding(FakeResolver& world) : world_(world) {}

  boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) override {
    const bool first = question.type != RrType::a || !asked_;
    if (question.type == RrType::a) asked_ = true;
    Answer answer = co_await world_.lookup(std::move(question), deadline);
    if (!first && !answer.data.empty()) answer.data[0].value = parse_address("127.0.0.1").value();
    co_return answer;
  }

 private:
  FakeResolver& world_;
  bool asked_ = false;
};

// A stranger's target, run as /probe runs it.
class Stranger : public testing::Test {
 protected:
  Report run(Resolver& resolver, std::string_view text) {
    boost::asio::io_context io;
    GuardedDialer guarded(dialer, policy);
    Probe probe(resolver, guarded, matcher, clock, {});
    Report result;
    boost::asio::co_spawn(io, probe.run(target(text), clock.steady_time + std::chrono::seconds(5)),
                          [&](const std::exception_ptr& error, Report report) {
                            if (error) std::rethrow_exception(error);
                            result = std::move(report);
                          });
    io.run();
    return is_refused(result, policy) ? refused_report(result) : result;
  }

  FakeResolver world;
  test::FakeDialer dialer;
  test::FakeMatcher matcher;
  test::ManualClock clock;
  TargetPolicy policy;
};

constexpr Conclusion refused{Verdict::unknown, Reason::refused_by_policy};

TEST_F(Stranger, ANameThatPointsInsideIsNotConnectedTo) {
  world.secure("inside.example A", {"10.0.0.5"});
  const Report report = run(world, "inside.example:22");
  EXPECT_EQ(report.conclusion, refused);
  EXPECT_TRUE(dialer.looks().empty());
}

TEST_F(Stranger, AnSrvRecordThatPointsInsideIsNotFollowed) {
  world.secure("_imaps._tcp.example.org SRV", {"0 0 22 inside.example."}).secure("inside.example A", {"192.168.0.1"});
  const Report report = run(world, "_imaps._tcp.example.org");
  EXPECT_EQ(report.conclusion, refused);
  EXPECT_TRUE(dialer.looks().empty());
}

TEST_F(Stranger, AnMxThatPointsInsideIsNotFollowed) {
  world.secure("example.org MX", {"10 mx.example.org."}).secure("mx.example.org A", {"127.0.0.1"});
  EXPECT_EQ(run(world, "example.org").conclusion, refused);
  EXPECT_TRUE(dialer.looks().empty());
}

TEST_F(Stranger, OfSeveralAddressesOnlyAllowedOnesAreDialled) {
  world.secure("mixed.example A", {"10.0.0.5", "45.64.17.1"});
  EXPECT_NE(run(world, "mixed.example:443").conclusion, refused);
  ASSERT_EQ(dialer.looks().size(), 1U);
  EXPECT_EQ(to_string(dialer.looks()[0].endpoint.address), "45.64.17.1");
}

TEST_F(Stranger, ANameThatAnswersOtherwiseTheSecondTimeDoesNotGetInside) {
  world.secure("rebind.example A", {"45.64.17.1"});
  Rebinding resolver(world);
  run(resolver, "rebind.example:443");
  run(resolver, "rebind.example:443");
  for (const auto& look : dialer.looks()) EXPECT_EQ(to_string(look.endpoint.address), "45.64.17.1");
  EXPECT_EQ(dialer.looks().size(), 1U) << "the second answer, 127.0.0.1, is not dialled";
}

}  // namespace
}  // namespace danewatch

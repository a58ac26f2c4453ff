// What must hold whatever the way to the records: aliases of any secure length change nothing, and a bogus answer
// anywhere on the way never ends in `authenticated` (RFC 7672 2.1.2, RFC 7671 7).
//
// The seed is fixed, and printed with each failure: a failure can be repeated.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <random>

#include "probe/probe.hpp"
#include "tests/support/fake_dialer.hpp"
#include "tests/support/fake_matcher.hpp"
#include "tests/support/fake_resolver.hpp"
#include "tests/support/manual_clock.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;

using namespace test;

constexpr unsigned seed = 20260102;
constexpr int rounds = 40;

// One step of the way: an RRset, or an alias.
struct Step {
  std::string from;  // "mx.example.org A"; of an alias the name alone
  std::string to;    // data, or the alias' target
  bool alias = false;
};

// The way to one mail domain, from its MX to the last TLSA record.
class Way {
 public:
  explicit Way(std::mt19937& random) : random_(random) {
    std::string exchanges;
    const auto hosts = 1 + below(3);
    for (std::size_t n = 0; n < hosts; ++n) add_host(n, exchanges);
    domain_ = follow("example.org", "domain");
    mx_ = exchanges;
  }

  // With the step of this number bogus; with none, all is well.
  void build(FakeResolver& world, std::optional<std::size_t> bogus) const {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      const Status status = i == bogus ? Status::bogus : Status::secure;
      if (step.alias) {
        world.alias(step.from, step.to, status);
      } else if (status == Status::bogus) {
        world.bogus(step.from, {step.to});
      } else {
        world.secure(step.from, {step.to});
      }
    }
    const auto data = lines(mx_);
    if (bogus == steps_.size()) {
      world.bogus(domain_ + " MX", data);
    } else {
      world.secure(domain_ + " MX", data);
    }
  }

  std::size_t size() const { return steps_.size() + 1; }
  std::string describe(std::size_t i) const { return i == steps_.size() ? domain_ + " MX" : steps_[i].from; }
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  // From a name through a few aliases; the name at the end.
  std::string follow(std::string name, const std::string& prefix) {
    for (std::size_t i = 0, length = below(6); i < length; ++i) {
      auto next = fmt::format("{}{}.example.net", prefix, i);
      steps_.push_back({name, next, true});
      name = std::move(next);
    }
    return name;
  }

  void add_host(std::size_t n, std::string& exchanges) {
    const auto host = fmt::format("mx{}.example.org", n);
    const auto base = follow(host, fmt::format("host{}-", n));
    const auto owner = follow("_25._tcp." + base, fmt::format("tlsa{}-", n));
    addresses_.push_back(fmt::format("11.0.0.{}", n + 1));
    steps_.push_back({base + " A", addresses_.back(), false});
    steps_.push_back({owner + " TLSA", "3 1 1 " + digest('a'), false});
    exchanges += fmt::format("{} {}.\n", 10 * n, host);
  }

  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text.find('\n', at);
      result.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return result;
  }

  std::mt19937& random_;
  std::vector<Step> steps_;
  std::vector<std::string> addresses_;
  std::string domain_, mx_;
};

Report run(const Way& way, std::optional<std::size_t> bogus) {
  FakeResolver world;
  way.build(world, bogus);
  FakeDialer servers;
  for (const auto& address : way.addresses()) servers.plays(shows(address, {}, 'a').tls);
  FakeMatcher matcher;
  ManualClock clock;
  clock.time = SysTime(std::chrono::seconds(1'701'000'000));  // while the signatures of the fake world hold
  asio::io_context io;
  Probe probe(world, servers, matcher, clock, {});
  Report report;
  asio::co_spawn(io, probe.run(parse_targets("example.org").value().front(), clock.steady_time + std::chrono::hours(1)),
                 [&](std::exception_ptr error, Report made) {
                   if (error) std::rethrow_exception(error);
                   report = std::move(made);
                 });
  io.run();
  return report;
}

TEST(PathProperties, SecureAliasesOfAnyLengthChangeNoVerdict) {
  std::mt19937 random(seed);
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(fmt::format("seed {}, round {}", seed, round));
    const Way way(random);
    EXPECT_EQ(run(way, std::nullopt).judgement.conclusion, (Conclusion{Verdict::authenticated, Reason::none}));
  }
}

TEST(PathProperties, BogusAnywhereOnTheWayNeverAuthenticates) {
  std::mt19937 random(seed);
  std::size_t tried = 0;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    const Way way(random);
    for (std::size_t i = 0; i < way.size(); ++i, ++tried) {
      SCOPED_TRACE(fmt::format("seed {}, round {}, bogus: {}", seed, round, way.describe(i)));
      const Report report = run(way, i);
      EXPECT_EQ(report.judgement.conclusion, (Conclusion{Verdict::dns_bogus, Reason::none}));
      EXPECT_EQ(report.judgement.severity, Severity::critical);
      EXPECT_NE(report.judgement.impact, Impact::protected_);
    }
  }
  EXPECT_GT(tried, 300U);
}

}  // namespace
}  // namespace danewatch

// What must hold whatever the way to the records: aliases of any secure length change nothing, and a bogus answer
// anywhere on the way never ends in `authenticated` (RFC 7672 2.1.2, RFC 7671 7).
//
// The seed is fixed, and printed with each failure: a failure can be repeated.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <random>
#include <sstream>

#include "probe/run/probe.hpp"
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
  std::string from;                  // "mx.example.org A"; of an alias the name alone
  std::string to;                    // data, a line each; none: proven absent; of an alias its target
  std::optional<RrType> alias = {};  // CNAME or DNAME
  bool half = false;                 // one address family of two
};

// What is at the end of the way: the record that fits, another one, one that nobody may use, or none.
struct Ending {
  std::string record;
  Conclusion conclusion;
};

const Ending right{"3 1 1 " + digest('a'), {Verdict::authenticated, Reason::none}};
const std::vector<Ending> endings{right,
                                  {"3 1 1 " + digest('b'), {Verdict::mismatch, Reason::no_match}},
                                  {"4 1 1 " + digest('a'), {Verdict::unusable, Reason::none}},
                                  {"", {Verdict::not_applicable, Reason::no_tlsa}}};

// The way to one mail domain or one SRV service, from its name to the last TLSA record.
class Way {
 public:
  Way(std::mt19937& random, const Ending& ending, std::size_t longest) : random_(random), longest_(longest) {
    srv_ = below(3) == 0;
    std::string targets;
    const auto hosts = 1 + below(3);
    for (std::size_t n = 0; n < hosts; ++n) add_host(n, ending, targets);
    const std::string start = srv_ ? "_imaps._tcp.example.org" : "example.org";
    steps_.push_back({follow(start, "domain") + (srv_ ? " SRV" : " MX"), targets});
  }

  // With the step of this number bogus; with none, all is well.
  void build(FakeResolver& world, std::optional<std::size_t> bogus) const {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      const Status status = i == bogus ? Status::bogus : Status::secure;
      if (step.alias) {
        world.alias(step.from, step.to, status, *step.alias);
      } else if (status == Status::bogus) {
        world.bogus(step.from, lines(step.to));
      } else if (step.to.empty()) {
        world.nodata(step.from);
      } else {
        world.secure(step.from, lines(step.to));
      }
    }
  }

  std::string target() const { return srv_ ? "_imaps._tcp.example.org" : "example.org"; }
  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  // From a name through a few aliases; the name at the end.
  std::string follow(std::string name, const std::string& prefix) {
    for (std::size_t i = 0, length = below(longest_ + 1); i < length; ++i) {
      auto next = fmt::format("{}{}.example.net", prefix, i);
      steps_.push_back({name, next, below(4) == 0 ? RrType::dname : RrType::cname});
      name = std::move(next);
    }
    return name;
  }

  // The TLSA records of an alias may be at its target, or at the name itself (RFC 7672 2.2.3).
  void add_host(std::size_t n, const Ending& ending, std::string& targets) {
    const auto host = fmt::format("h{}.example.org", n);
    const auto end = follow(host, fmt::format("host{}-", n));
    const std::string label = srv_ ? "_993._tcp." : "_25._tcp.";
    const bool second_candidate = end != host && below(2) == 0;
    if (second_candidate) steps_.push_back({label + end + " TLSA", ""});
    const auto owner = follow(label + (second_candidate ? host : end), fmt::format("tlsa{}-", n));
    steps_.push_back({owner + " TLSA", ending.record});
    const bool both = below(2) == 0;
    addresses_.push_back(fmt::format("11.0.0.{}", n + 1));
    steps_.push_back({end + " A", addresses_.back(), {}, both});
    if (both) {
      addresses_.push_back(fmt::format("2a00:1::{}", n + 1));
      steps_.push_back({end + " AAAA", addresses_.back(), {}, true});
    }
    targets += srv_ ? fmt::format("{} 0 993 {}.\n", 10 * n, host) : fmt::format("{} {}.\n", 10 * n, host);
  }

  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) result.push_back(line);
    return result;
  }

  std::mt19937& random_;
  std::size_t longest_;
  bool srv_ = false;
  std::vector<Step> steps_;
  std::vector<std::string> addresses_;
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
  asio::co_spawn(io, probe.run(parse_targets(way.target()).value().front(), clock.steady_time + std::chrono::hours(1)),
                 [&](std::exception_ptr error, Report made) {
                   if (error) std::rethrow_exception(error);
                   report = std::move(made);
                 });
  io.run();
  return report;
}

// Ten aliases are as many as libunbound follows.
TEST(PathProperties, SecureAliasesOfAnyLengthChangeNoVerdict) {
  std::mt19937 random(seed);
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    for (const Ending& ending : endings) {
      SCOPED_TRACE(fmt::format("seed {}, round {}, {}", seed, round, ending.record));
      const Way way(random, ending, 10);
      EXPECT_EQ(run(way, std::nullopt).conclusion, ending.conclusion);
    }
  }
}

// One address family of two that cannot be trusted leaves the other (rows.md D-22): what it shows is judged, and
// that senders may see it otherwise is at least a warning. Anything else bogus is the end.
TEST(PathProperties, BogusAnywhereOnTheWayNeverAuthenticates) {
  std::mt19937 random(seed);
  std::size_t tried = 0;
  for (int round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    const Way way(random, right, 4);
    for (std::size_t i = 0; i < way.steps().size(); ++i, ++tried) {
      const Step& step = way.steps()[i];
      SCOPED_TRACE(fmt::format("seed {}, round {}, bogus: {}", seed, round, step.from));
      const Report report = run(way, i);
      if (step.half) {
        EXPECT_EQ(report.conclusion, right.conclusion);
        EXPECT_EQ(report.severity, Severity::warning);
        EXPECT_EQ(std::ranges::count(report.findings, "dnssec-bogus", &Finding::code), 1);
        continue;
      }
      EXPECT_EQ(report.conclusion, (Conclusion{Verdict::dns_bogus, Reason::none}));
      EXPECT_EQ(report.severity, Severity::critical);
      EXPECT_NE(report.impact, Impact::protected_);
    }
  }
  EXPECT_GT(tried, 400U);
}

}  // namespace
}  // namespace danewatch

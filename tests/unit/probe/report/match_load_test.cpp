// What a look at a chain costs, known beforehand, and what becomes of one that costs too much.
#include "probe/report/match_load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "probe/openssl/certificate.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/compare_all.hpp"
#include "probe/run/probe.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/maze.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;

using namespace std::chrono_literals;
using Key = CheckLoad::Key;

const std::vector<std::string> names{"mx.example.org"};

pki::CertificateSpec leaf_spec() {
  pki::CertificateSpec spec;
  spec.common_name = "mx.example.org";
  spec.dns_names = {"mx.example.org"};
  return spec;
}

std::vector<Certificate> parsed(const std::vector<std::vector<std::uint8_t>>& chain) {
  std::vector<Certificate> certificates;
  for (const auto& der : chain) certificates.push_back(parse_certificate(der));
  return certificates;
}

std::vector<TlsaRecord> unrelated(int usage, int count) {
  std::vector<TlsaRecord> records;
  for (int salt = 0; salt < count; ++salt) records.push_back(pki::unrelated_tlsa(usage, 1, 1, salt));
  return records;
}

MatchQuestion about(const std::vector<Certificate>& chain, const std::vector<TlsaRecord>& records) {
  MatchQuestion question;
  question.chain = chain;
  question.records = records;
  question.names = names;
  question.at = SysTime(1'760'000'000s);
  return question;
}

// Of signing certificates with such a key above an ordinary leaf, each with a name of its own.
std::vector<Certificate> line_of(std::size_t count, CheckLoad load) {
  std::vector<Certificate> chain(count + 1);
  chain[0].load = {Key::curve, 256, 0, 2, 0};
  for (std::size_t i = 0; i <= count; ++i) {
    chain[i].der.resize(1500);
    chain[i].subject = std::to_string(i);
    chain[i].issuer = std::to_string(i + 1);
    if (i > 0) chain[i].load = load;
  }
  return chain;
}

struct Row {
  const char* what;
  std::size_t certificates;
  CheckLoad load;
  int records;
  bool too_costly;
};

TEST(MatchLoad, OrdinaryChainsAreWithinTheBudgetAndAbsurdOnesAreNot) {
  const Row rows[] = {
      {"RSA-2048", 2, {Key::rsa, 2048, 17, 2, 0}, 3, false},
      {"RSA-4096, twenty records", 3, {Key::rsa, 4096, 17, 2, 0}, 20, false},
      {"RSA-8192, twenty records", 2, {Key::rsa, 8192, 17, 2, 0}, 20, false},
      {"P-384, twenty records", 2, {Key::curve, 384, 0, 2, 0}, 20, false},
      {"RSA-16384, small exponent", 2, {Key::rsa, 16384, 17, 2, 0}, 3, false},
      {"RSA-16384, large exponent", 9, {Key::rsa, 16384, 64, 2, 0}, 10, true},
      {"an exponent as long as the modulus", 9, {Key::rsa, 3072, 3072, 2, 0}, 10, true},
      {"DSA", 9, {Key::dsa, 10000, 256, 2, 0}, 10, true},
      {"thousands of names and constraints", 4, {Key::curve, 256, 0, 1500, 1500}, 10, true},
      {"keys that are none", 30, {}, 20, false},
  };
  for (const Row& row : rows) {
    const auto chain = line_of(row.certificates, row.load);
    const auto records = unrelated(2, row.records);
    const MatchLoad load = load_of(about(chain, records));
    EXPECT_EQ(is_too_costly(load), row.too_costly) << row.what << ": " << load.time.count() << " us";
  }
}

// RRsets of 64 kB are judged (rows.md ); the same data under many parameters is another matter.
TEST(MatchLoad, RecordsByThemselvesAreCheapUnlessTheyAreOneRecordInManyForms) {
  const auto chain = line_of(1, {Key::rsa, 4096, 17, 2, 0});
  auto records = unrelated(3, 1700);
  EXPECT_LT(load_of(about(chain, records)).time, most_match_time);
  const auto different = load_of(about(chain, records)).time;
  for (TlsaRecord& record : records) record.data = records.front().data;
  EXPECT_GT(load_of(about(chain, records)).time, 2 * different);
}

TEST(MatchLoad, AnOrdinaryChainNeedsNoOtherThread) {
  const auto chain = line_of(2, {Key::rsa, 4096, 17, 2, 0});
  for (const int usage : {2, 3}) {
    const auto records = unrelated(usage, 3);
    EXPECT_LT(load_of(about(chain, records)).time, most_time_at_once) << usage;
  }
}

TEST(MatchLoad, RecordsThatHoldKeysCount) {
  const auto chain = line_of(1, {Key::rsa, 2048, 17, 2, 0});
  auto records = unrelated(2, 58);
  const auto before = load_of(about(chain, records)).time;
  for (TlsaRecord& record : records) {
    record.matching_type = 0;
    record.data.resize(2100);
  }
  EXPECT_FALSE(before > most_match_time);
  EXPECT_GT(load_of(about(chain, records)).time, most_match_time);
}

TEST(MatchLoad, OneMoreCertificatePathOrRecordIsNeverCheaper) {
  const CheckLoad rsa{Key::rsa, 4096, 17, 2, 0};
  const auto records = unrelated(2, 5);
  const auto more_records = unrelated(2, 6);
  auto chain = line_of(3, rsa);
  const auto base = load_of(about(chain, records));
  EXPECT_GT(load_of(about(chain, more_records)).time, base.time);
  chain.push_back(chain[2]);  // a second certificate of that name
  const auto forked = load_of(about(chain, records));
  EXPECT_EQ(base.paths, 1U);
  EXPECT_EQ(forked.paths, 2U);
  EXPECT_GT(forked.signatures, base.signatures);
  EXPECT_GT(forked.time, base.time);
}

class Mazes : public testing::Test {
 protected:
  static const std::vector<Certificate>& hostile() {
    static const std::vector<Certificate> chain = parsed(pki::make_maze(leaf_spec()).chain());
    return chain;
  }
  // Dear, and within the budget.
  static const std::vector<Certificate>& dear() {
    static const std::vector<Certificate> chain = parsed(pki::make_maze(leaf_spec(), {4, 4, 8192, 64}).chain());
    return chain;
  }

  void compare(const std::vector<std::vector<Certificate>>& chains, const std::vector<TlsaRecord>& records,
               Deadline deadline) {
    evidence.target.service = &smtp_service();
    evidence.at = SysTime(1'760'000'000s);
    HostFacts& host = evidence.hosts.emplace_back();
    host.dns.names = names;
    host.dns.tlsa = records;
    for (const auto& chain : chains) {
      TlsEvidence& seen = host.endpoints.emplace_back();
      seen.stage = Stage::done;
      seen.fault = Fault::none;
      seen.chain = chain;
    }
    asio::io_context io{1};
    Workers workers{1};
    auto task = compare_all({matcher, workers, clock}, evidence, matches, deadline);
    asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& error, bool result) {
      if (error) std::rethrow_exception(error);
      in_time = result;
    });
    io.run();
  }

  MatchResult result_at(std::size_t endpoint) const {
    const HostFacts& host = evidence.hosts[0];
    const auto* known =
        matches.find({host.endpoints[endpoint].chain, host.dns.tlsa, names, evidence.target.service, evidence.at});
    return known != nullptr ? *known : MatchResult();
  }

  test::ManualClock clock;
  OpensslMatcher matcher;
  Evidence evidence;
  KnownMatches matches{matcher};
  bool in_time = false;
};

TEST_F(Mazes, TheKeysOfAChainAreKnownByTheirSizes) {
  EXPECT_EQ(hostile()[1].load.key, Key::rsa);
  EXPECT_EQ(hostile()[1].load.bits, 16384);
  EXPECT_EQ(hostile()[1].load.exponent_bits, 64);
  EXPECT_EQ(hostile()[0].load.key, Key::curve);
  EXPECT_EQ(hostile()[0].load.bits, 256);
}

TEST_F(Mazes, OverTheBudgetNothingIsJudged) {
  auto records = unrelated(2, 57);
  records.push_back(pki::unrelated_tlsa(1, 1, 1));  // no mail server's
  const MatchResult result = matcher.match(about(hostile(), records));
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::unknown, Reason::local_limit}));
  ASSERT_TRUE(result.too_costly);
  EXPECT_EQ(result.too_costly->certificates, 30U);
  EXPECT_EQ(result.too_costly->paths, 16U);
  EXPECT_EQ(result.too_costly->key_bits, 16384);
  EXPECT_GT(result.too_costly->signatures, 1000U);
  EXPECT_EQ(std::ranges::count(result.cells, Cell::unobserved), 57);
  EXPECT_EQ(result.cells.back(), Cell::unusable);
  EXPECT_TRUE(result.explanations.empty());
}

TEST_F(Mazes, WithinTheBudgetADearChainIsJudgedAsEver) {
  const auto records = unrelated(2, 1);
  const MatchQuestion question = about(dear(), records);
  const MatchLoad load = load_of(question);
  ASSERT_GT(load.time, most_time_at_once);
  ASSERT_FALSE(is_too_costly(load)) << load.time.count();
  const MatchResult alone = matcher.match(question);
  EXPECT_EQ(alone.conclusion, (Conclusion{Verdict::mismatch, Reason::no_match}));
  compare({dear(), dear()}, records, clock.steady_time + 1h);
  EXPECT_EQ(result_at(0), alone);
  EXPECT_EQ(result_at(1), alone);
  EXPECT_TRUE(in_time);
}

TEST_F(Mazes, WhoIsAskedToStopDoes) {
  const auto records = unrelated(2, 1);
  MatchQuestion question = about(dear(), records);
  std::stop_source stop;
  stop.request_stop();
  question.stop = stop.get_token();
  EXPECT_EQ(matcher.match(question).conclusion, (Conclusion{Verdict::unknown, Reason::deadline}));
}

TEST_F(Mazes, WhereTheTimeIsOverADearChainIsUnknownAndTheRunIncomplete) {
  compare({dear()}, unrelated(2, 1), clock.steady_time);
  EXPECT_EQ(result_at(0).conclusion, (Conclusion{Verdict::unknown, Reason::deadline}));
  EXPECT_FALSE(in_time);
}

TEST_F(Mazes, TheSharedMatcherOutlivesTheOneItCameFrom) {
  auto first = std::make_unique<OpensslMatcher>();
  const auto shared = first->share();
  first.reset();
  const auto records = unrelated(3, 1);
  EXPECT_EQ(shared->match(about(dear(), records)).conclusion.verdict, Verdict::mismatch);
}

}  // namespace
}  // namespace danewatch

// Answers far larger than life: what is looked at stays bounded, and the report says what was cut.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <malloc.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "exporters/json/json.hpp"
#include "probe/openssl/certificate.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/probe.hpp"
#include "tests/support/fake_dialer.hpp"
#include "tests/support/fake_resolver.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/pki.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;

using namespace test;
using testing::Each;
using testing::SizeIs;
using Lines = std::vector<std::string>;

#ifdef __SANITIZE_ADDRESS__
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // NOLINT(readability-identifier-naming)
std::size_t allocated() {
  return __sanitizer_get_current_allocated_bytes();
}
#else
std::size_t allocated() {
  return ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
}
#endif

constexpr std::size_t kilobyte = 1024;

class Bounds : public testing::Test {
 protected:
  Bounds() { clock.time = SysTime(std::chrono::seconds(1'767'225'600)); }  // 2026-01-01, as the certificates hold

  void serve(const std::string& address) {
    TlsEvidence evidence = shows(address, {}, 'a').tls;
    evidence.chain = {parse_certificate(leaf.der)};
    servers.plays(std::move(evidence));
  }

  Report run(const std::string& text = "example.org") {
    asio::io_context io;
    Probe probe(world, servers, matcher, clock, options);
    Report report;
    const auto deadline = clock.steady_time + std::chrono::hours(1);
    const std::size_t before = allocated();
    asio::co_spawn(io, probe.run(parse_targets(text).value().front(), deadline),
                   [&](std::exception_ptr error, Report made) {
                     if (error) std::rethrow_exception(error);
                     report = std::move(made);
                   });
    io.run();
    kept = allocated() - before;
    return report;
  }

  static Lines limits(const Report& report) {
    Lines texts;
    for (const auto& finding : report.findings) {
      if (finding.code == "limits-reached") texts.push_back(finding.text);
    }
    return texts;
  }

  void one_host(const Lines& records) {
    world.secure("example.org MX", {"10 mx.example.org."}).secure("mx.example.org A", {"11.0.0.1"});
    world.secure("_25._tcp.mx.example.org TLSA", records);
    serve("11.0.0.1");
  }

  FakeResolver world;
  FakeDialer servers;
  OpensslMatcher matcher;
  ManualClock clock;
  ProbeOptions options;
  std::size_t kept = 0;  // bytes of the report, and of what the fakes wrote down
  pki::Identity leaf = pki::issue({});
  std::string right = to_text(pki::tlsa_for(leaf, 3, 1, 1));
};

TEST_F(Bounds, AThousandMxHostsWithAThousandAddressesEach) {
  Lines exchanges;
  Lines v4;
  Lines v6;
  for (int i = 0; i < 1000; ++i) {
    exchanges.push_back(fmt::format("{} mx{}.example.org.", i, i));
    v4.push_back(fmt::format("11.0.{}.{}", i / 250, i % 250));
    v6.push_back(fmt::format("2a00:1::{:x}", i + 1));
  }
  world.secure("example.org MX", exchanges);
  for (int i = 0; i < 40; ++i) {  // more than anybody asks for
    world.secure(fmt::format("mx{}.example.org A", i), v4).secure(fmt::format("mx{}.example.org AAAA", i), v6);
    world.secure(fmt::format("_25._tcp.mx{}.example.org TLSA", i), {right});
  }
  options.policy.views = Views::standard;
  const Report report = run();
  ASSERT_THAT(report.hosts, SizeIs(16));
  for (const HostReport& host : report.hosts) EXPECT_THAT(host.endpoints, SizeIs(16));  // eight of each family
  EXPECT_EQ(servers.looks().size(), 256U);
  EXPECT_LE(servers.most_at_once(), options.max_connections);
  EXPECT_LE(world.asked().size(), 1U + 16 * 3 + 40 + 40);  // the walk and two diagnoses
  EXPECT_EQ(servers.looks().front().endpoint.sni, "mx0.example.org");
  EXPECT_THAT(limits(report), testing::Contains("Only 16 of 1000 hosts of example.org were looked at."));
  EXPECT_THAT(limits(report), testing::Contains("Only 16 of 2000 addresses of mx15.example.org were looked at."));
  EXPECT_LE(report.findings.size(), 50U);
  EXPECT_LT(to_json(report).size(), 2'000'000U);
  EXPECT_LT(kept, 8 * 1024 * kilobyte);
}

// The one that matches stands last in their order, whatever its key: among those that are cut away.
TEST_F(Bounds, TwoThousandRecords) {
  Lines records{right};
  for (int salt = 1; salt < 2000; ++salt) records.push_back(to_text(pki::unrelated_tlsa(2, 1, 1, salt)));
  one_host(records);
  const Report report = run();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::unknown, Reason::local_limit}));  // nothing bad is proven
  const HostEvidence& host = report.hosts.at(0).dns;
  EXPECT_THAT(host.tlsa, SizeIs(100));
  EXPECT_EQ(host.tlsa_total, 2000U);
  EXPECT_THAT(report.hosts[0].endpoints[0].cells, SizeIs(100));
  EXPECT_THAT(limits(report), testing::Contains("Only 100 of 2000 records of mx.example.org were looked at."));
  EXPECT_LE(report.findings.size(), 50U);
  EXPECT_LT(kept, 3 * 1024 * kilobyte);
}

TEST_F(Bounds, TwoHundredWholeCertificates) {
  Lines records{right};
  pki::CertificateSpec spec;
  for (int i = 0; i < 200; ++i) {
    spec.common_name = fmt::format("number {}", i);
    records.push_back(to_text(pki::tlsa_for(pki::issue(spec), 3, 0, 0)));
  }
  one_host(records);
  const Report report = run();
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_THAT(report.hosts.at(0).dns.tlsa, SizeIs(17));
  EXPECT_THAT(limits(report), testing::Contains("Only 16 of 200 full records of mx.example.org were looked at."));
  EXPECT_LT(kept, 600 * kilobyte);
}

TEST_F(Bounds, AnAliasChainThatNobodyFollows) {
  world.secure("example.org MX", {"10 alias0.example.org."});
  for (int i = 0; i < 16; ++i) {
    world.alias(fmt::format("alias{}.example.org", i), fmt::format("alias{}.example.org", i + 1));
  }
  world.secure("alias16.example.org A", {"11.0.0.1"}).secure("_25._tcp.alias16.example.org TLSA", {right});
  serve("11.0.0.1");
  const Report report = run();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::dns_error, Reason::servfail}));
  EXPECT_TRUE(servers.looks().empty());
  EXPECT_LE(world.asked().size(), 50U);
  EXPECT_LT(kept, 100 * kilobyte);
}

// Whoever calls the matcher itself (`verify`) has no limits before it.
class MatcherBounds : public Bounds {
 protected:
  MatchResult match(const std::vector<TlsaRecord>& records) const {
    const std::vector<Certificate> chain{parse_certificate(leaf.der)};
    const Lines names{"mx.example.org"};
    MatchQuestion question;
    question.chain = chain;
    question.records = records;
    question.names = names;
    question.at = clock.time;
    return matcher.match(question);
  }
};

TEST_F(MatcherBounds, TwoThousandRecordsTheRightOneLast) {
  std::vector<TlsaRecord> records;
  for (int salt = 1; salt < 2000; ++salt) records.push_back(pki::unrelated_tlsa(3, 1, 1, salt));
  records.push_back(pki::tlsa_for(leaf, 3, 1, 1));
  const auto result = match(records);
  EXPECT_EQ(result.conclusion.verdict, Verdict::authenticated);
  ASSERT_TRUE(result.match.has_value());
  EXPECT_EQ(result.match->record, 1999U);
  EXPECT_THAT(result.cells, SizeIs(2000));
  EXPECT_EQ(std::ranges::count(result.cells, Cell::match), 1);
}

// The same for every right record: their group is looked at once, not a thousand times.
TEST_F(MatcherBounds, AThousandRightRecordsBesideAThousandStrongerWrongOnes) {
  std::vector<TlsaRecord> records(1000, pki::tlsa_for(leaf, 3, 1, 1));
  for (int salt = 0; salt < 1000; ++salt) records.push_back(pki::unrelated_tlsa(3, 1, 2, salt));
  const auto result = match(records);
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::mismatch, Reason::shadowed}));
  EXPECT_EQ(std::ranges::count(result.cells, Cell::shadowed), 1000);
  EXPECT_THAT(result.shadowed_by, SizeIs(1000));
}

TEST_F(MatcherBounds, TwoHundredWholeKeys) {
  std::vector<TlsaRecord> records;
  for (int i = 0; i < 200; ++i) {
    records.push_back(pki::unrelated_tlsa(3, 1, 0));
    records.back().data = pki::spki_der(*pki::make_key());
  }
  records.push_back(pki::tlsa_for(leaf, 3, 1, 0));
  EXPECT_EQ(match(records).conclusion.verdict, Verdict::authenticated);
}

}  // namespace
}  // namespace danewatch

// What becomes of mail, row by row.
#include <gtest/gtest.h>

#include "probe/judgement/judge.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using namespace test;

// One letter for each MX host.
HostBuilder host(char kind) {
  HostBuilder builder(std::string("mx-") + kind + ".example.org");
  builder.tlsa("3 1 1 " + digest('a'));
  switch (kind) {
    case 'g':  // good
      return builder.add(shows("11.0.0.1", {Cell::match}));
    case 'm':  // mismatch
      return builder.add(shows("11.0.0.1", {Cell::no_match}));
    case 'h':  // half: one address good, one wrong
      return builder.add(shows("11.0.0.1", {Cell::match})).add(shows("11.0.0.2", {Cell::no_match}, 'b'));
    case 't':  // TLS missing
      return builder.add(fails("11.0.0.1", Stage::starttls, Fault::not_offered));
    case 'd':  // down
      return builder.add(fails("11.0.0.1", Stage::connect, Fault::refused));
    case '6':  // not observed here
      return builder.add(fails("2a00:1::1", Stage::connect, Fault::no_ipv6));
    case 'o':  // open: no TLSA
      return builder.located(Located::no_tlsa).add(shows("11.0.0.1", {Cell::no_match}));
    case 'r':  // it refuses us
      return builder.add(fails("11.0.0.1", Stage::starttls, Fault::reply));
    case 's':  // slow: its greeting did not come in the time we had
      return builder.add(fails("11.0.0.1", Stage::greeting, Fault::timeout));
    case 'R':  // open, and it refuses us
      return builder.located(Located::no_tlsa).add(fails("11.0.0.1", Stage::greeting, Fault::reply));
    case 'A':  // signed with an algorithm of which our resolver knows nothing
      return builder.located(Located::algorithm);
    case 'x': {  // right, after a reply that breaks the protocol
      Look look = shows("11.0.0.1", {Cell::match});
      look.tls.slip = "220mx";
      return builder.add(look);
    }
    case 'O':  // open, and down
      return builder.located(Located::no_tlsa).add(fails("11.0.0.1", Stage::connect, Fault::refused));
    case 'b':  // bogus
      return builder.located(Located::bogus);
    case 'n':  // no such name
      return builder.located(Located::nxdomain);
    case 'a':  // no address
      return builder.located(Located::no_address);
    default:  // 'u': unusable
      builder.records[0].unusable = "unknown usage";
      return builder.add(shows("11.0.0.1", {Cell::unusable}));
  }
}

struct Row {
  const char* hosts;
  std::optional<Impact> expected;
  Located located = Located::dane;
};

class ImpactOfHosts : public testing::TestWithParam<Row> {};

TEST_P(ImpactOfHosts, IsAsTheTableSays) {
  ReportBuilder report("example.org");
  report.located(GetParam().located);
  for (const char* kind = GetParam().hosts; *kind != '\0'; ++kind) report.add(host(*kind));
  EXPECT_EQ(report.judged().impact, GetParam().expected) << GetParam().hosts;
}

constexpr Row rows[] = {
    {"g", Impact::protected_},
    {"gg", Impact::protected_},
    {"gd", Impact::protected_},
    {"g6", Impact::protected_},
    {"go", Impact::partly_protected},
    {"gu", Impact::partly_protected},
    {"gO", Impact::protected_},
    {"o", Impact::unprotected},
    {"u", Impact::unprotected},
    {"od", Impact::unprotected},
    {"gm", Impact::partly_deferred},
    {"h", Impact::partly_deferred},
    {"gt", Impact::partly_deferred},
    {"gb", Impact::partly_deferred},
    {"gn", Impact::partly_deferred},
    {"gom", Impact::partly_deferred},
    {"om", Impact::partly_deferred},
    {"m", Impact::deferred},
    {"t", Impact::deferred},
    {"b", Impact::deferred},
    {"d", Impact::deferred},
    {"O", Impact::deferred},
    {"md", Impact::deferred},
    {"mn", Impact::deferred},
    {"nd", Impact::deferred},
    {"n", Impact::undeliverable},
    {"a", Impact::undeliverable},
    {"na", Impact::undeliverable},
    {"6", std::nullopt},
    {"r", std::nullopt},
    {"s", std::nullopt},
    {"R", std::nullopt},
    {"x", std::nullopt},
    {"A", std::nullopt},
    {"rm", std::nullopt},
    {"rd", std::nullopt},
    {"gr", Impact::protected_},
    {"gs", Impact::protected_},
    {"gx", Impact::protected_},
    {"os", Impact::unprotected},
    {"gsm", Impact::partly_deferred},
    {"", std::nullopt, Located::algorithm},
    {"", Impact::deferred, Located::bogus},
    {"", Impact::deferred, Located::servfail},
    {"", Impact::deferred, Located::timeout},
    {"", Impact::deferred, Located::malformed},
    {"", Impact::undeliverable, Located::no_service},
    {"", Impact::undeliverable, Located::nxdomain},
    {"", Impact::undeliverable, Located::no_address},
    {"", std::nullopt, Located::no_network},
    {"", std::nullopt, Located::trust_anchor},
    {"", std::nullopt, Located::not_run},
    {"g", Impact::unprotected, Located::insecure_mx},
    {"go", Impact::unprotected, Located::insecure_mx},
    {"m", Impact::deferred, Located::insecure_mx},
    {"gm", Impact::partly_deferred, Located::insecure_mx},
};

INSTANTIATE_TEST_SUITE_P(Rows, ImpactOfHosts, testing::ValuesIn(rows));

TEST(Impact, IsForMailDomainsOnly) {
  ReportBuilder report("mx1.example.org");
  report.add(host('g'));
  report.report.target.kind = TargetKind::host;
  EXPECT_EQ(report.judged().impact, std::nullopt);
}

}  // namespace
}  // namespace danewatch

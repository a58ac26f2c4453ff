// Aggregation: endpoints into a host, hosts into a report.
#include <gtest/gtest.h>

#include <algorithm>

#include "probe/judgement/inner.hpp"
#include "probe/judgement/judge.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using namespace test;

constexpr Conclusion authenticated{Verdict::authenticated, Reason::none};
constexpr Conclusion no_match{Verdict::mismatch, Reason::no_match};

HostBuilder host(std::string name = "mx1.example.org") {
  HostBuilder builder(std::move(name));
  builder.tlsa("3 1 1 " + digest('a'));
  return builder;
}

Look good(std::string_view address = "11.0.0.1") {
  return shows(address, {Cell::match});
}

Look bad(std::string_view address = "11.0.0.2") {
  return shows(address, {Cell::no_match}, 'b');
}

Look down(std::string_view address = "11.0.0.3") {
  return fails(address, Stage::connect, Fault::refused);
}

HostBuilder without_dane(std::string name, Located located) {
  HostBuilder builder(std::move(name));
  builder.located(located);
  return builder;
}

Report judged(std::vector<HostBuilder> hosts, Located located = Located::dane) {
  ReportBuilder report("example.org");
  report.located(located);
  for (HostBuilder& each : hosts) report.add(std::move(each));
  return report.judged();
}

TEST(Aggregation, TheWorstJudgedEndpointDecidesTheHost) {
  const Report result = judged({host().add(good()).add(bad())});
  EXPECT_EQ(result.hosts[0].endpoints[0].conclusion, authenticated);
  EXPECT_EQ(result.hosts[0].conclusion, no_match);
  EXPECT_EQ(result.conclusion, no_match);
  EXPECT_EQ(result.hosts[0].result_type, ResultType::certificate_not_trusted);
}

TEST(Aggregation, AnAddressThatIsDownIsAWarningBesideAGoodOne) {
  const Report result = judged({host().add(good()).add(down())});
  EXPECT_EQ(result.conclusion, authenticated);
  EXPECT_EQ(result.severity, Severity::warning);
}

TEST(Aggregation, AHostThatIsDownIsAWarningBesideAGoodOne) {
  const Report result = judged({host().add(good()), host("mx2.example.org").add(down())});
  EXPECT_EQ(result.hosts[1].conclusion, (Conclusion{Verdict::tempfail, Reason::connect}));
  EXPECT_EQ(result.conclusion, authenticated);
  EXPECT_EQ(result.severity, Severity::warning);
  EXPECT_EQ(result.impact, Impact::protected_);
}

TEST(Aggregation, NothingButDownIsTempfail) {
  const Report result = judged({host().add(down()), host("mx2.example.org").add(down("11.0.0.4"))});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::tempfail, Reason::connect}));
  EXPECT_EQ(result.severity, Severity::critical);
}

TEST(Aggregation, TempfailOutranksWhatCouldNotBeObserved) {
  const Report result = judged({host().add(fails("11.0.0.1", Stage::connect, Fault::no_ipv6)).add(down())});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::tempfail, Reason::connect}));
}

TEST(Aggregation, ALimitOfOursBesideAGoodAddressIsInfo) {
  const Report result = judged({host().add(good()).add(fails("2a00:1::1", Stage::connect, Fault::no_ipv6))});
  EXPECT_EQ(result.conclusion, authenticated);
  EXPECT_EQ(result.severity, Severity::ok);
}

struct DnsRow {
  Located located;
  Conclusion expected;
};

// Whatever TLS shows (rows.md E-11).
constexpr DnsRow dns_rows[] = {
    {Located::no_tlsa, {Verdict::not_applicable, Reason::no_tlsa}},
    {Located::insecure, {Verdict::not_applicable, Reason::insecure}},
    {Located::insecure_srv, {Verdict::not_applicable, Reason::insecure_srv}},
    {Located::address_literal, {Verdict::not_applicable, Reason::address_literal}},
    {Located::no_service, {Verdict::no_service, Reason::none}},
    {Located::bogus, {Verdict::dns_bogus, Reason::none}},
    {Located::servfail, {Verdict::dns_error, Reason::servfail}},
    {Located::timeout, {Verdict::dns_error, Reason::timeout}},
    {Located::malformed, {Verdict::dns_error, Reason::malformed}},
    {Located::nxdomain, {Verdict::dns_error, Reason::nxdomain}},
    {Located::no_address, {Verdict::dns_error, Reason::no_address}},
    {Located::local_failure, {Verdict::unknown, Reason::local_limit}},
    {Located::no_network, {Verdict::unknown, Reason::no_network}},
    {Located::trust_anchor, {Verdict::unknown, Reason::trust_anchor}},
    {Located::not_run, {Verdict::unknown, Reason::not_run}},
};

TEST(Aggregation, ADnsConclusionOfAHostStandsWhateverTlsShows) {
  for (const DnsRow& row : dns_rows) {
    for (const Look& look : {good(), bad(), down(), fails("11.0.0.1", Stage::handshake, Fault::alert)}) {
      const Report result = judged({without_dane("mx1.example.org", row.located).add(look)});
      EXPECT_EQ(result.hosts[0].endpoints[0].conclusion, row.expected) << static_cast<int>(row.located);
      EXPECT_EQ(result.hosts[0].conclusion, row.expected) << static_cast<int>(row.located);
      EXPECT_EQ(result.conclusion, row.expected) << static_cast<int>(row.located);
      EXPECT_FALSE(result.findings.empty()) << static_cast<int>(row.located);
    }
  }
}

TEST(Aggregation, ADnsConclusionOfTheTargetStands) {
  for (const DnsRow& row : dns_rows) {
    const Report result = judged({}, row.located);
    EXPECT_EQ(result.conclusion, row.expected) << static_cast<int>(row.located);
    EXPECT_EQ(result.severity, severity_of(row.expected, false)) << static_cast<int>(row.located);
    ASSERT_FALSE(result.findings.empty()) << static_cast<int>(row.located);
    EXPECT_EQ(result.findings[0].severity, result.severity) << "what explains a verdict has its severity";
  }
}

TEST(Aggregation, TheDeadlineIsTheReasonOfAnIncompleteRun) {
  ReportBuilder builder("example.org");
  builder.report.run.complete = false;
  builder.add(host().add(fails("11.0.0.1", Stage::not_started, Fault::not_run)));
  const Report result = builder.judged();
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::unknown, Reason::deadline}));
  EXPECT_EQ(result.severity, Severity::unknown);
}

// rows.md C-38: whoever blocks the good host sends mail to the other one.
TEST(Aggregation, OneMxWithoutTlsaMakesTheDomainNotApplicable) {
  const Report result = judged({host().add(good()), without_dane("mx2.example.org", Located::no_tlsa).add(bad())});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::not_applicable, Reason::no_tlsa}));
  EXPECT_EQ(result.severity, Severity::critical);
  EXPECT_EQ(result.impact, Impact::partly_protected);
}

TEST(Aggregation, IfPresentLeavesAWarningOfOneMxWithoutTlsa) {
  ReportBuilder builder("example.org");
  builder.report.policy.if_present = true;
  builder.add(host().add(good())).add(without_dane("mx2.example.org", Located::no_tlsa).add(bad()));
  EXPECT_EQ(builder.judged().severity, Severity::warning);
}

// RFC 7672 2.1.2: senders skip it, and it must not hide behind a good one.
TEST(Aggregation, AnMxThatDoesNotResolveIsNotHiddenByAGoodOne) {
  const Report result = judged({host().add(good()), without_dane("mx2.example.org", Located::nxdomain)});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::dns_error, Reason::nxdomain}));
  EXPECT_EQ(result.impact, Impact::partly_deferred);
}

TEST(Aggregation, AHostWeCouldNotAskAboutIsNotSilentlyGood) {
  const Report result = judged({host().add(good()), without_dane("mx2.example.org", Located::local_failure)});
  EXPECT_EQ(result.conclusion, authenticated);
  EXPECT_EQ(result.severity, Severity::unknown);
}

// RFC 7672 2.2.1: an unsigned MX list cannot vouch for its hosts.
TEST(Aggregation, AnUnsignedMxListIsNeverAuthenticated) {
  const Report result = judged({host().add(good())}, Located::insecure_mx);
  EXPECT_EQ(result.hosts[0].conclusion, authenticated);
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::not_applicable, Reason::insecure_mx}));
  EXPECT_EQ(result.impact, Impact::unprotected);
}

TEST(Aggregation, UnsignedHostsBehindAnUnsignedMxListAreInsecure) {
  const Report result = judged({without_dane("mx.example.org", Located::insecure)}, Located::insecure_mx);
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::not_applicable, Reason::insecure}));
  EXPECT_EQ(result.impact, Impact::unprotected);
}

TEST(Aggregation, AnUnsignedMxListDoesNotHideAMismatch) {
  const Report result = judged({host().add(bad())}, Located::insecure_mx);
  EXPECT_EQ(result.conclusion, no_match);
  EXPECT_EQ(result.impact, Impact::deferred);
}

struct UnusableRow {
  Look look;
  Conclusion expected;
};

// With an all-unusable RRset, tempfail, protocol-error and tls-missing still win.
TEST(Aggregation, AllUnusable) {
  const Conclusion unusable{Verdict::unusable, Reason::none};
  const std::vector<UnusableRow> rows{
      {shows("11.0.0.1", {Cell::unusable}), unusable},
      {down(), {Verdict::tempfail, Reason::connect}},
      {fails("11.0.0.1", Stage::starttls, Fault::injected), {Verdict::protocol_error, Reason::injected}},
      {fails("11.0.0.1", Stage::starttls, Fault::not_offered), {Verdict::tls_missing, Reason::not_offered}},
      {fails("11.0.0.1", Stage::connect, Fault::no_ipv6), unusable},
  };
  for (const UnusableRow& row : rows) {
    HostBuilder each("mx1.example.org");
    each.unusable("4 1 1 " + digest('a'), "unknown usage").add(row.look);
    const Report result = judged({std::move(each)});
    EXPECT_EQ(result.conclusion, row.expected) << to_string(row.expected.verdict);
    EXPECT_EQ(result.hosts[0].endpoints[0].cells, std::vector{Cell::unusable});
  }
}

// rows.md A-28: records we did not look at may be the right ones.
TEST(Aggregation, RecordsCutByOurLimitProveNoMismatch) {
  HostBuilder cut = host();
  cut.dns.tlsa_total = 401;
  cut.dns.cuts = {{"records", 1, 401}};
  EXPECT_EQ(judged({HostBuilder(cut).add(bad())}).conclusion, (Conclusion{Verdict::unknown, Reason::local_limit}));
  EXPECT_EQ(judged({HostBuilder(cut).add(good())}).conclusion, authenticated);
}

TEST(Aggregation, WhatANamelessClientSeesDecidesNothing) {
  const Report result = judged({host().add(good()).add(bad("11.0.0.1").on(View::no_sni))});
  EXPECT_EQ(result.conclusion, authenticated);
  EXPECT_EQ(result.severity, Severity::ok);
}

// rows.md E-03
TEST(Aggregation, AChainShownBeforeAClientCertificateIsDemandedIsJudged) {
  Look look = good();
  look.tls.stage = Stage::handshake;
  look.tls.fault = Fault::alert;
  look.tls.client_certificate_requested = true;
  const Report result = judged({host().add(look)});
  EXPECT_EQ(result.conclusion, authenticated);
  EXPECT_EQ(result.impact, Impact::deferred) << "senders have none to show";
  Look wrong = bad();
  wrong.tls.stage = Stage::handshake;
  wrong.tls.fault = Fault::alert;
  wrong.tls.client_certificate_requested = true;
  EXPECT_EQ(judged({host().add(wrong)}).conclusion, no_match);
}

TEST(Aggregation, E03AClientCertificateThatIsOptionalChangesNothing) {
  Look look = good();
  look.tls.client_certificate_requested = true;
  const Report result = judged({host().add(look)});
  EXPECT_EQ(result.conclusion, authenticated);
  EXPECT_EQ(result.impact, Impact::protected_);
  EXPECT_EQ(result.severity, Severity::ok);
}

// rows.md E-12 and E-16: facts by the way.
TEST(Aggregation, HowASessionEndsChangesNothing) {
  for (Look look : {good(), bad()}) {
    const Report before = judged({host().add(look)});
    look.tls.closed_uncleanly = look.tls.starttls_offered_again = true;
    const Report after = judged({host().add(look)});
    EXPECT_EQ(after.conclusion, before.conclusion);
    EXPECT_EQ(after.severity, before.severity);
    EXPECT_EQ(after.impact, before.impact);
  }
}

// rows.md E-09: never authenticated when no TLS session came about.
TEST(Aggregation, AGoodChainWhoseHandshakeFailsAuthenticatesNobody) {
  Look look = good();
  look.tls.stage = Stage::handshake;
  look.tls.fault = Fault::reset;
  EXPECT_EQ(judged({host().add(look)}).conclusion, (Conclusion{Verdict::tempfail, Reason::handshake}));
  Look wrong = bad();
  wrong.tls.stage = Stage::handshake;
  wrong.tls.fault = Fault::reset;
  EXPECT_EQ(judged({host().add(wrong)}).conclusion, no_match) << "a wrong certificate stays wrong";
}

// rows.md B-28
TEST(Aggregation, AHandshakeWithoutACertificateIsWhatTheMatcherSays) {
  Look look = bad().concluding({Verdict::mismatch, Reason::no_cert});
  look.tls.chain.clear();
  EXPECT_EQ(judged({host().add(look)}).conclusion, (Conclusion{Verdict::mismatch, Reason::no_cert}));
}

// Worst first, over every pair of verdicts a host can have.
TEST(Aggregation, EveryPairOfHostsGivesTheWorseOne) {
  const std::vector<HostBuilder> hosts{
      host("a.example.org").add(bad()),
      host("b.example.org").add(fails("11.0.0.1", Stage::starttls, Fault::not_offered)),
      host("c.example.org").add(fails("11.0.0.1", Stage::starttls, Fault::injected)),
      without_dane("d.example.org", Located::bogus),
      without_dane("e.example.org", Located::servfail),
      without_dane("f.example.org", Located::no_tlsa),
      host("g.example.org").add(good()),
  };
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    for (std::size_t j = i; j < hosts.size(); ++j) {
      const Conclusion expected = judged({hosts[i]}).conclusion;
      EXPECT_EQ(judged({hosts[i], hosts[j]}).conclusion, expected) << i << " " << j;
      EXPECT_EQ(judged({hosts[j], hosts[i]}).conclusion, expected) << i << " " << j;
    }
  }
}

// Permutes a host's records with everything that counts them.
HostBuilder permuted(const HostBuilder& original, const std::vector<std::size_t>& order) {
  HostBuilder result = original;
  for (std::size_t to = 0; to < order.size(); ++to) {
    result.dns.tlsa[to] = original.dns.tlsa[order[to]];
    result.records[to] = original.records[order[to]];
    for (std::size_t e = 0; e < original.endpoints.size(); ++e) {
      result.endpoints[e].cells[to] = original.endpoints[e].cells[order[to]];
      result.endpoints[e].match.match.reset();
    }
  }
  return result;
}

// rows.md A-32
TEST(Aggregation, TheOrderOfRecordsNeverMatters) {
  HostBuilder three("mx1.example.org");
  three.tlsa("3 1 1 " + digest('a')).tlsa("3 1 1 " + digest('b')).unusable("4 1 1 " + digest('c'), "unknown usage");
  three.add(shows("11.0.0.1", {Cell::match, Cell::no_match, Cell::unusable}));
  const Report expected = judged({three});
  std::vector<std::size_t> order{0, 1, 2};
  while (std::ranges::next_permutation(order).found) {
    const Report result = judged({permuted(three, order)});
    EXPECT_EQ(result.conclusion, expected.conclusion);
    EXPECT_EQ(result.severity, expected.severity);
    EXPECT_EQ(result.summary, expected.summary);
    for (std::size_t to = 0; to < 3; ++to) {
      EXPECT_EQ(result.hosts[0].records[to].state, expected.hosts[0].records[order[to]].state);
    }
  }
}

// A bogus answer anywhere on a host's path never becomes authenticated, whatever the matcher says.
TEST(Aggregation, BogusNeverBecomesAuthenticated) {
  HostBuilder bogus = host().add(good());
  bogus.located(Located::bogus);
  EXPECT_EQ(judged({bogus}).conclusion.verdict, Verdict::dns_bogus);
  EXPECT_EQ(judged({bogus, host("mx2.example.org").add(good())}).conclusion.verdict, Verdict::dns_bogus);
  EXPECT_EQ(judged({host().add(good())}, Located::bogus).conclusion.verdict, Verdict::dns_bogus);
}

// What is tried again is what counts as tempfail, and nothing else.
TEST(Aggregation, TemporaryFaultsAreTempfail) {
  for (int fault = 0; fault <= static_cast<int>(Fault::not_run); ++fault) {
    TlsEvidence evidence;
    evidence.fault = static_cast<Fault>(fault);
    const auto conclusion = conclusion_of(evidence, true);
    const bool tempfail = conclusion && conclusion->verdict == Verdict::tempfail;
    EXPECT_EQ(is_temporary(evidence.fault), tempfail) << "fault " << fault;
  }
}

}  // namespace
}  // namespace danewatch

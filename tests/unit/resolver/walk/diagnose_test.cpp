#include <gtest/gtest.h>

#include <algorithm>

#include "resolver/walk/locate.hpp"
#include "tests/support/fake_resolver.hpp"

namespace danewatch {
namespace {

using Names = std::vector<std::string>;

const std::string record = "3 1 1 " + std::string(64, 'a');

void healthy(FakeResolver& world) {
  world.secure("example.org MX", {"10 mx.example.org."}).secure("mx.example.org A", {"192.0.2.1"});
  world.secure("_25._tcp.mx.example.org TLSA", {record});
}

Names diagnostic(const std::vector<Answer>& lookups) {
  Names names;
  for (const Answer& answer : lookups) {
    if (answer.diagnostic) names.push_back(answer.question.name + " " + to_string(answer.question.type));
  }
  return names;
}

// What diagnose() may not touch.
DnsEvidence without_diagnostics(DnsEvidence evidence) {
  const auto is_diagnostic = [](const Answer& answer) { return answer.diagnostic; };
  std::erase_if(evidence.lookups, is_diagnostic);
  for (HostEvidence& host : evidence.hosts) std::erase_if(host.lookups, is_diagnostic);
  return evidence;
}

TEST(Diagnose, ASignedHostAndItsZones) {
  FakeResolver world;
  healthy(world);
  world.secure("example.org DS", {"1 8 2 aa"}).secure("org DS", {"1 8 2 bb"});
  DnsEvidence evidence = locate_in(world, "example.org");
  const DnsEvidence before = evidence;
  diagnose_in(world, evidence);
  EXPECT_EQ(diagnostic(evidence.hosts.at(0).lookups), Names{"_tcp.mx.example.org A"});
  EXPECT_EQ(diagnostic(evidence.lookups),
            (Names{"example.org DS", "example.org DNSKEY", "org DS", "org DNSKEY", ". DNSKEY"}));
  EXPECT_EQ(without_diagnostics(evidence), before);
}

TEST(Diagnose, EachZoneOnceWhateverTheNumberOfHosts) {
  FakeResolver world;
  world.secure("example.org MX", {"10 a.example.org.", "20 b.example.net."});
  for (const std::string host : {"a.example.org", "b.example.net"}) {
    world.secure(host + " A", {"192.0.2.1"}).secure("_25._tcp." + host + " TLSA", {record});
  }
  world.secure("example.org DS", {"1"}).secure("example.net DS", {"1"}).secure("org DS", {"1"}).secure("net DS", {"1"});
  DnsEvidence evidence = locate_in(world, "example.org");
  diagnose_in(world, evidence);
  Names asked = diagnostic(evidence.lookups);
  EXPECT_EQ(asked.size(), 9U);
  std::ranges::sort(asked);
  EXPECT_EQ(std::ranges::unique(asked).begin(), asked.end());
}

TEST(Diagnose, TlsaOfAnInsecureHost) {
  FakeResolver world;
  world.insecure("mx.example.org A", {"192.0.2.1"}).secure("_25._tcp.mx.example.org TLSA", {record});
  DnsEvidence evidence = locate_in(world, "mx.example.org:25");
  diagnose_in(world, evidence);
  const HostEvidence& host = evidence.hosts.at(0);
  EXPECT_EQ(diagnostic(host.lookups), Names{"_25._tcp.mx.example.org TLSA"});
  EXPECT_EQ(host.located, Located::insecure);
  EXPECT_TRUE(host.tlsa.empty());
}

// RFC 4592 2.2.1: a record below a name hides the wildcard from it.
TEST(Diagnose, AHostWithoutAddressesMayHideFromAWildcard) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.org."}).nodata("mx.example.org A").nodata("mx.example.org AAAA");
  world.secure("_25._tcp.mx.example.org TLSA", {record}).secure("*.example.org A", {"192.0.2.1"});
  DnsEvidence evidence = locate_in(world, "example.org");
  const DnsEvidence before = evidence;
  diagnose_in(world, evidence);
  EXPECT_EQ(diagnostic(evidence.hosts.at(0).lookups),
            (Names{"_25._tcp.mx.example.org TLSA", "*.example.org A", "*.example.org AAAA"}));
  EXPECT_EQ(without_diagnostics(evidence), before);
}

TEST(Diagnose, NamesAboveAFailedTlsaLookup) {
  FakeResolver world;
  healthy(world);
  world.failed("_25._tcp.mx.example.org TLSA").nxdomain("_tcp.mx.example.org");
  DnsEvidence evidence = locate_in(world, "example.org");
  diagnose_in(world, evidence);
  const HostEvidence& host = evidence.hosts.at(0);
  EXPECT_EQ(diagnostic(host.lookups),
            (Names{"_tcp.mx.example.org A", "_25._tcp.mx.example.org A", "_25._tcp.mx.example.org CNAME"}));
  EXPECT_EQ(host.lookups.at(3).denial, Denial::nxdomain);  // an empty non-terminal that is denied (RFC 8020)
  EXPECT_EQ(host.located, Located::servfail);
}

// rows.md C-21: resolvers say nothing of a chain they gave up on.
TEST(Diagnose, AliasesThatNeverEndAreFollowedOneByOne) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.org."});
  world.alias("mx.example.org", "b.example.org").alias("b.example.org", "mx.example.org");
  DnsEvidence evidence = locate_in(world, "example.org");
  const DnsEvidence before = evidence;
  diagnose_in(world, evidence);
  EXPECT_EQ(diagnostic(evidence.hosts.at(0).lookups), (Names{"mx.example.org CNAME", "b.example.org CNAME"}));
  EXPECT_EQ(alias_target(evidence.hosts.at(0).lookups.back()), "mx.example.org");
  EXPECT_EQ(without_diagnostics(evidence), before);
}

// Only by itself an alias shows whether it is the one that is not signed.
TEST(Diagnose, AliasesOfAnInsecureAnswerAreAskedForOneByOne) {
  FakeResolver world;
  world.alias("mx.example.org", "b.example.com").alias("b.example.com", "c.example.net", Status::insecure);
  world.secure("c.example.net A", {"192.0.2.1"});
  DnsEvidence evidence = locate_in(world, "mx.example.org:25");
  diagnose_in(world, evidence);
  const HostEvidence& host = evidence.hosts.at(0);
  EXPECT_EQ(host.located, Located::no_tlsa);  // at the secure alias itself (RFC 7672 2.2.2)
  const auto steps = [&](const std::string& name) {
    return std::ranges::count(host.lookups, Question{name, RrType::cname}, &Answer::question);
  };
  EXPECT_EQ(steps("mx.example.org"), 1);
  EXPECT_EQ(steps("b.example.com"), 1);
}

TEST(Diagnose, AVeryLongChainIsFollowedForAWhile) {
  FakeResolver world;
  for (int i = 0; i < 20; ++i)
    world.alias("a" + std::to_string(i) + ".example.org", "a" + std::to_string(i + 1) + ".example.org");
  DnsEvidence evidence = locate_in(world, "a0.example.org:25");
  diagnose_in(world, evidence);
  EXPECT_EQ(diagnostic(evidence.hosts.at(0).lookups).size(), 8U);
}

// RFC 8020: libunbound mends NXDOMAIN where the proofs say that the name exists; resolvers that do not validate obey.
TEST(Diagnose, AnEmptyNonTerminalThatOnlyValidationMends) {
  FakeResolver world;
  healthy(world);
  world.nodata("_tcp.mx.example.org A").mended("_tcp.mx.example.org");
  DnsEvidence evidence = locate_in(world, "example.org");
  const DnsEvidence before = evidence;
  diagnose_in(world, evidence);
  const Answer& last = evidence.hosts.at(0).lookups.back();
  EXPECT_EQ(last.question, (Question{"_tcp.mx.example.org", RrType::a}));
  EXPECT_EQ(last.denial, Denial::nxdomain);
  EXPECT_EQ(last.status, Status::insecure);
  EXPECT_TRUE(last.diagnostic);
  EXPECT_EQ(without_diagnostics(evidence), before);
}

TEST(Diagnose, WhatOthersAreToldIsNotAskedWhereItCostsTooMuch) {
  FakeResolver world;
  healthy(world);
  world.nodata("_tcp.mx.example.org A").mended("_tcp.mx.example.org");
  DnsEvidence evidence = locate_in(world, "example.org");
  LocateOptions options;
  options.unvalidated = false;
  diagnose_in(world, evidence, options);
  EXPECT_EQ(diagnostic(evidence.hosts.at(0).lookups), Names{"_tcp.mx.example.org A"});
}

TEST(Diagnose, ABogusNameIsFollowedToItsZone) {
  FakeResolver world;
  world.bogus("a.b.example.org A", {"192.0.2.1"}).bogus("a.b.example.org AAAA");
  world.secure("example.org DS", {"1 8 2 aa"}).bogus("example.org DNSKEY");
  DnsEvidence evidence = locate_in(world, "a.b.example.org:25");
  diagnose_in(world, evidence);
  const Names asked = diagnostic(evidence.lookups);
  for (const std::string question :
       {"a.b.example.org DS", "b.example.org DS", "example.org DS", "example.org DNSKEY"}) {
    EXPECT_EQ(std::ranges::count(asked, question), 1) << question;
  }
  EXPECT_EQ(std::ranges::count(asked, "a.b.example.org DNSKEY"), 0);
}

TEST(Diagnose, ASignerThatCannotBeOneIsIgnored) {
  FakeResolver world;
  healthy(world);
  world.signer("evil.example");
  DnsEvidence evidence = locate_in(world, "example.org");
  evidence.hosts.at(0).lookups.at(0).signer = "evil.example";
  diagnose_in(world, evidence);
  EXPECT_EQ(std::ranges::count(diagnostic(evidence.lookups), "evil.example DNSKEY"), 0);
}

TEST(Diagnose, TheNumberOfQuestionsIsBounded) {
  FakeResolver world;
  std::vector<std::string> exchanges;
  for (int i = 0; i < 16; ++i) {
    const std::string host = "mx" + std::to_string(i) + ".d" + std::to_string(i) + ".example";
    exchanges.push_back("10 " + host + ".");
    world.secure(host + " A", {"192.0.2.1"}).secure("_25._tcp." + host + " TLSA", {record});
  }
  world.secure("example.org MX", exchanges);
  DnsEvidence evidence = locate_in(world, "example.org");
  const std::size_t before = world.asked().size();
  diagnose_in(world, evidence);
  EXPECT_EQ(world.asked().size() - before, 40U);
}

TEST(Diagnose, CanBeSwitchedOff) {
  FakeResolver world;
  healthy(world);
  DnsEvidence evidence = locate_in(world, "example.org");
  const DnsEvidence before = evidence;
  LocateOptions options;
  options.diagnostics = false;
  diagnose_in(world, evidence, options);
  EXPECT_EQ(evidence, before);
}

TEST(Diagnose, AsksNothingWithoutNetworkOrTime) {
  FakeResolver world;
  world.failed("example.org MX").failed(". DNSKEY");
  DnsEvidence evidence = locate_in(world, "example.org");
  const std::size_t asked = world.asked().size();
  diagnose_in(world, evidence);
  EXPECT_EQ(world.asked().size(), asked);
  FakeResolver late;
  healthy(late);
  evidence = locate_in(late, "example.org");
  diagnose_in(late, evidence, {}, std::chrono::steady_clock::now() - std::chrono::seconds(1));
  EXPECT_EQ(late.asked().size(), 4U);
}

}  // namespace
}  // namespace danewatch

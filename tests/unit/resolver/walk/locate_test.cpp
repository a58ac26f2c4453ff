#include "resolver/walk/locate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/fake_resolver.hpp"
#include "tests/support/manual_clock.hpp"

namespace danewatch {
namespace {

using Names = std::vector<std::string>;

const std::string record = "3 1 1 " + std::string(64, 'a');

HostEvidence only_host(const DnsEvidence& evidence) {
  if (evidence.hosts.size() == 1) return evidence.hosts.front();
  ADD_FAILURE() << evidence.hosts.size() << " hosts";
  return {};
}

bool was_asked(const FakeResolver& world, const std::string& question) {
  return std::ranges::find(world.asked(), question) != world.asked().end();
}

void healthy(FakeResolver& world) {
  world.secure("example.org MX", {"10 mx.example.org."}).secure("mx.example.org A", {"192.0.2.1"});
  world.secure("_25._tcp.mx.example.org TLSA", {record});
}

TEST(Locate, AHealthyDomainTakesFourQuestions) {
  FakeResolver world;
  healthy(world);
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(world.asked().size(), 4U);
  EXPECT_EQ(evidence.lookups.size(), 1U);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.lookups.size(), 3U);
  EXPECT_EQ(host.host, "mx.example.org");
  EXPECT_EQ(host.preference, 10);
  EXPECT_EQ(host.weight, std::nullopt);
  EXPECT_EQ(host.addresses, (std::vector<HostAddress>{{*parse_address("192.0.2.1"), Status::secure}}));
  EXPECT_EQ(host.tlsa_total, 1U);
  EXPECT_EQ(host.tlsa.at(0).owner, "_25._tcp.mx.example.org");
  EXPECT_TRUE(host.cuts.empty());
  EXPECT_TRUE(evidence.cuts.empty());
}

TEST(Locate, BothFamiliesAreAskedAtOnce) {
  FakeResolver world;
  healthy(world);
  locate_in(world, "mx.example.org:25");
  EXPECT_EQ(world.most_at_once(), 2U);
}

// The network came back between the question and the one to the root: what failed was ours.
TEST(Locate, WhatFailedAndWorksBesideAProvenRootWasOurs) {
  FakeResolver world;
  healthy(world);
  world.fails_once("mx.example.org A");
  world.fails_once("mx.example.org AAAA");
  EXPECT_EQ(only_host(locate_in(world, "example.org")).located, Located::no_network);
  FakeResolver broken;
  healthy(broken);
  broken.failed("mx.example.org A").failed("mx.example.org AAAA");
  EXPECT_EQ(only_host(locate_in(broken, "example.org")).located, Located::servfail);
}

// Insecure because our resolver lacks an algorithm is no fact about the zone.
TEST(Locate, AZoneBeyondOurResolverIsNotCalledInsecure) {
  FakeResolver world;
  world.signs_in_vain();
  world.insecure("example.org MX", {"10 mx.example.org."}).insecure("mx.example.org A", {"192.0.2.1"});
  world.secure("example.org DS", {"12345 16 2 " + std::string(64, 'a')});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::algorithm);
  EXPECT_EQ(only_host(evidence).located, Located::algorithm);
  EXPECT_EQ(std::ranges::count(world.asked(), "example.org DS"), 1);
}

TEST(Locate, AZoneThatNobodyCanCheckIsInsecure) {
  for (const char* ds : {"12345 250 2 ", "12345 16 99 ", "12345 13 2 "}) {
    FakeResolver world;
    world.signs_in_vain()
        .insecure("mx.example.org A", {"192.0.2.1"})
        .secure("example.org DS", {ds + std::string(64, 'a')});
    EXPECT_EQ(only_host(locate_in(world, "mx.example.org:25")).located, Located::insecure) << ds;
  }
}

TEST(Locate, AZoneBelowOneBeyondOurResolverIsNotCalledInsecure) {
  FakeResolver world;
  world.signs_in_vain().signer("sub.example.org").insecure("mx.sub.example.org A", {"192.0.2.1"});
  world.insecure("sub.example.org DS", {"1 13 2 " + std::string(64, 'a')});
  world.secure("example.org DS", {"12345 16 2 " + std::string(64, 'a')});
  EXPECT_EQ(only_host(locate_in(world, "mx.sub.example.org:25")).located, Located::algorithm);
}

TEST(Locate, HostsAreWalkedSideBySideWithinALimit) {
  FakeResolver world;
  std::vector<std::string> exchanges;
  for (int i = 0; i < 12; ++i) exchanges.push_back("10 mx" + std::to_string(i) + ".example.org.");
  world.secure("example.org MX", exchanges);
  locate_in(world, "example.org");
  EXPECT_EQ(world.most_at_once(), 16U);  // eight hosts, two families
}

TEST(Locate, OneFamilyOnly) {
  for (const bool v4 : {true, false}) {
    FakeResolver world;
    healthy(world);
    world.secure("mx.example.org AAAA", {"2001:db8::1"});
    LocateOptions options;
    options.ipv4 = v4;
    options.ipv6 = !v4;
    const HostEvidence host = only_host(locate_in(world, "mx.example.org:25", options));
    ASSERT_EQ(host.addresses.size(), 1U);
    EXPECT_EQ(host.addresses[0].address.v6, !v4);
    EXPECT_EQ(host.excluded_addresses, 1U);
    EXPECT_TRUE(was_asked(world, v4 ? "mx.example.org AAAA" : "mx.example.org A")) << "what is left out is known";
  }
}

TEST(Locate, HostsByPreferenceThenAsReceivedWithoutRepetition) {
  FakeResolver world;
  world.secure("example.org MX", {"20 c.example.org.", "10 b.example.org.", "10 a.example.org.", "30 b.example.org."});
  const DnsEvidence evidence = locate_in(world, "example.org");
  Names order;
  for (const HostEvidence& host : evidence.hosts) order.push_back(host.host);
  EXPECT_EQ(order, (Names{"b.example.org", "a.example.org", "c.example.org"}));
}

TEST(Locate, TooManyHostsAreCutByPreference) {
  FakeResolver world;
  world.secure("example.org MX", {"30 c.example.org.", "10 a.example.org.", "20 b.example.org."});
  LocateOptions options;
  options.max_hosts = 2;
  const DnsEvidence evidence = locate_in(world, "example.org", options);
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.hosts[1].host, "b.example.org");
  EXPECT_EQ(evidence.cuts, (std::vector<Cut>{{"hosts", 2, 3}}));
  EXPECT_FALSE(was_asked(world, "c.example.org A"));
}

TEST(Locate, TooManyAddressesAreCutPerFamily) {
  FakeResolver world;
  healthy(world);
  world.secure("mx.example.org A", {"192.0.2.3", "192.0.2.1", "192.0.2.2", "192.0.2.1"});
  world.secure("mx.example.org AAAA", {"2001:db8::1"});
  LocateOptions options;
  options.max_addresses_per_family = 2;
  const HostEvidence host = only_host(locate_in(world, "example.org", options));
  Names addresses;
  for (const HostAddress& a : host.addresses) addresses.push_back(to_string(a.address));
  EXPECT_EQ(addresses, (Names{"192.0.2.1", "192.0.2.2", "2001:db8::1"}));
  EXPECT_EQ(host.cuts, (std::vector<Cut>{{"addresses", 3, 4}}));
}

TEST(Locate, RecordsAreDistinctAndInAnOrderOfTheirOwn) {
  FakeResolver world;
  healthy(world);
  const std::string b = "3 1 1 " + std::string(64, 'b');
  const std::string ta = "2 0 1 " + std::string(64, 'c');
  Names first;
  std::vector<std::string> data{b, record, ta, b};
  std::ranges::sort(data);
  do {
    world.secure("_25._tcp.mx.example.org TLSA", data);
    const HostEvidence host = only_host(locate_in(world, "example.org"));
    Names texts;
    for (const TlsaRecord& r : host.tlsa) texts.push_back(to_text(r));
    EXPECT_EQ(texts, (Names{ta, record, b}));
    EXPECT_EQ(host.tlsa_total, 3U);
  } while (std::ranges::next_permutation(data).found);
}

TEST(Locate, TooManyRecordsKeepTheUsableOnes) {
  FakeResolver world;
  healthy(world);
  world.secure("_25._tcp.mx.example.org TLSA", {"1 1 1 aa", "\\# 2 0301", record, "3 1 1 bb"});
  LocateOptions options;
  options.max_records = 2;
  const HostEvidence host = only_host(locate_in(world, "example.org", options));
  Names texts;
  for (const TlsaRecord& r : host.tlsa) texts.push_back(to_text(r));
  EXPECT_EQ(texts, (Names{"1 1 1 aa", record}));
  EXPECT_EQ(host.tlsa_total, 4U);
  EXPECT_EQ(host.cuts, (std::vector<Cut>{{"records", 2, 4}}));
}

TEST(Locate, FullRecordsHaveALimitOfTheirOwn) {
  FakeResolver world;
  healthy(world);
  world.secure("_25._tcp.mx.example.org TLSA", {"3 0 0 01", "3 0 0 02", "3 0 0 03", record});
  LocateOptions options;
  options.max_full_records = 1;
  const HostEvidence host = only_host(locate_in(world, "example.org", options));
  Names texts;
  for (const TlsaRecord& r : host.tlsa) texts.push_back(to_text(r));
  EXPECT_EQ(texts, (Names{"3 0 0 01", record}));
  EXPECT_EQ(host.tlsa_total, 4U);
  EXPECT_EQ(host.cuts, (std::vector<Cut>{{"full records", 1, 3}}));
}

TEST(Locate, AShortRecordHidesNoOther) {
  FakeResolver world;
  healthy(world);
  world.secure("_25._tcp.mx.example.org TLSA", {"not a record", "\\# 0", record});
  const HostEvidence host = only_host(locate_in(world, "example.org"));
  EXPECT_EQ(host.located, Located::dane);
  ASSERT_EQ(host.tlsa.size(), 2U);
  EXPECT_EQ(to_text(host.tlsa[0]), record);
  EXPECT_TRUE(host.tlsa[1].truncated);
}

TEST(Locate, RecordsThatDoNotParse) {
  FakeResolver world;
  world.secure("example.org MX", {"nonsense"});
  EXPECT_EQ(locate_in(world, "example.org").located, Located::malformed);
  world.secure("example.org MX", {"nonsense", "10 mx.example.org"}).secure("mx.example.org A", {"nonsense"});
  EXPECT_EQ(only_host(locate_in(world, "example.org")).located, Located::malformed);
}

TEST(Locate, AGivenAddressReplacesThoseOfTheDns) {
  FakeResolver world;
  healthy(world);
  const HostEvidence host = only_host(locate_at(world, "mx.example.org:25", "192.0.2.99"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.addresses, (std::vector<HostAddress>{{*parse_address("192.0.2.99"), Status::secure}}));
}

TEST(Locate, AGivenAddressServesANameThatHasNoneYet) {
  FakeResolver world;
  world.secure("_25._tcp.new.example.org TLSA", {record});
  HostEvidence host = only_host(locate_at(world, "new.example.org:25", "192.0.2.99"));
  EXPECT_EQ(host.located, Located::dane);
  world.nxdomain("new.example.org", Status::insecure);
  host = only_host(locate_at(world, "new.example.org:25", "192.0.2.99"));
  EXPECT_EQ(host.located, Located::insecure);
  EXPECT_EQ(host.addresses.size(), 1U);
}

TEST(Locate, AGivenAddressDoesNotHideABogusAnswer) {
  FakeResolver world;
  healthy(world);
  world.bogus("mx.example.org A", {"192.0.2.1"}).bogus("mx.example.org AAAA");
  EXPECT_EQ(only_host(locate_at(world, "mx.example.org:25", "192.0.2.99")).located, Located::bogus);
}

TEST(Locate, WithoutTheRootThereIsNoNetwork) {
  FakeResolver world;
  world.failed("example.org MX").failed(". DNSKEY", Failure::timeout);
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::no_network);
  ASSERT_EQ(evidence.lookups.size(), 2U);
  EXPECT_EQ(evidence.lookups[1].question, (Question{".", RrType::dnskey}));
  EXPECT_FALSE(evidence.lookups[1].diagnostic);
}

TEST(Locate, ABogusRootIsAWrongTrustAnchor) {
  FakeResolver world;
  world.bogus("example.org MX", {"10 mx.example.org."}).bogus(". DNSKEY");
  EXPECT_EQ(locate_in(world, "example.org").located, Located::trust_anchor);
}

TEST(Locate, OurOwnResolverFails) {
  FakeResolver world;
  world.failed("example.org MX", Failure::local).failed(". DNSKEY", Failure::local);
  EXPECT_EQ(locate_in(world, "example.org").located, Located::local_failure);
}

TEST(Locate, OnlyTheHostsThatFailedAreUnknownWithoutTheRoot) {
  FakeResolver world;
  healthy(world);
  world.secure("example.org MX", {"10 mx.example.org.", "20 two.example.org."}).failed("two.example.org A");
  world.failed("two.example.org AAAA").failed(". DNSKEY");
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::dane);
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.hosts[0].located, Located::dane);
  EXPECT_EQ(evidence.hosts[1].located, Located::no_network);
}

TEST(Locate, NothingIsAskedAfterTheDeadline) {
  const Deadline past = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  for (const std::string_view target : {"example.org", "_imaps._tcp.example.org"}) {
    FakeResolver world;
    EXPECT_EQ(locate_in(world, target, {}, past).located, Located::not_run);
    EXPECT_TRUE(world.asked().empty());
  }
  FakeResolver world;
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25", {}, past));
  EXPECT_EQ(host.located, Located::not_run);
  EXPECT_EQ(host.host, "mx.example.org");
}

// Nobody who was handed a clock looks at another one.
TEST(Locate, TheTimeIsOverByTheClockItIsGiven) {
  FakeResolver world;
  healthy(world);
  test::ManualClock clock;
  const Deadline deadline = clock.steady_time + std::chrono::minutes(1);
  clock.steady_time += std::chrono::hours(1);
  EXPECT_EQ(locate_by(clock, world, "example.org", deadline).located, Located::not_run);
  EXPECT_TRUE(world.asked().empty());
  clock.steady_time -= std::chrono::hours(10);
  const Deadline long_ago = clock.steady_time + std::chrono::minutes(1);
  EXPECT_EQ(locate_by(clock, world, "example.org", long_ago).located, Located::dane);
}

TEST(Locate, AQuarterOfAShortTimeIsKeptForTheQuestionToTheRoot) {
  FakeResolver hasty;
  healthy(hasty);
  const Deadline soon = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  locate_in(hasty, "example.org", {}, soon);
  ASSERT_FALSE(hasty.deadlines().empty());
  for (const Deadline deadline : hasty.deadlines()) {
    EXPECT_LT(deadline, soon);
    EXPECT_GT(deadline, soon - std::chrono::milliseconds(300));
  }
}

TEST(Locate, FiveSecondsAreKeptForTheRootOfALongTime) {
  FakeResolver patient;
  healthy(patient);
  const Deadline late = std::chrono::steady_clock::now() + std::chrono::hours(1);
  locate_in(patient, "example.org", {}, late);
  ASSERT_FALSE(patient.deadlines().empty());
  for (const Deadline deadline : patient.deadlines()) EXPECT_EQ(deadline, late - std::chrono::seconds(5));
}

}  // namespace
}  // namespace danewatch

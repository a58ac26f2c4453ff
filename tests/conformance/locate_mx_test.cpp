// What is special about MX (rows.md C-30 to C-39), and what each answer to each lookup means for mail (rows.md D-20 to
// D-30).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/fake_resolver.hpp"

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

bool tlsa_was_asked(const FakeResolver& world) {
  return std::ranges::any_of(world.asked(), [](const std::string& question) { return question.ends_with(" TLSA"); });
}

// example.org with one MX and everything signed.
void healthy(FakeResolver& world) {
  world.secure("example.org MX", {"10 mx.example.org."}).secure("mx.example.org A", {"192.0.2.1"});
  world.secure("_25._tcp.mx.example.org TLSA", {record});
}

Located host_located(FakeResolver& world) {
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::dane);
  return only_host(evidence).located;
}

TEST(Conformance, C30_AddressLiteral) {
  FakeResolver world;
  const DnsEvidence evidence = locate_in(world, "[2001:db8::1]:25");
  EXPECT_EQ(evidence.located, Located::address_literal);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.located, Located::address_literal);
  EXPECT_EQ(host.host, "2001:db8::1");
  ASSERT_EQ(host.addresses.size(), 1U);
  EXPECT_EQ(to_string(host.addresses[0].address), "2001:db8::1");
  EXPECT_TRUE(world.asked().empty());
}

TEST(Conformance, C31_MxThatIsAnAddressAsText) {
  FakeResolver world;
  world.secure("example.org MX", {"10 192.0.2.7."});
  EXPECT_EQ(host_located(world), Located::address_literal);
  EXPECT_EQ(world.asked(), Names{"example.org MX"});
}

TEST(Conformance, C32_NullMxAlone) {
  for (const Status status : {Status::secure, Status::insecure}) {
    FakeResolver world;
    if (status == Status::secure) world.secure("example.org MX", {"0 ."});
    if (status == Status::insecure) world.insecure("example.org MX", {"0 ."});
    const DnsEvidence evidence = locate_in(world, "example.org");
    EXPECT_EQ(evidence.located, Located::no_service);
    EXPECT_FALSE(evidence.null_mx_beside_others);
    EXPECT_TRUE(evidence.hosts.empty());
    EXPECT_EQ(world.asked().front(), "example.org MX");
    EXPECT_FALSE(was_asked(world, ". A"));
  }
}

TEST(Conformance, C33_NullMxBesideOthers) {
  FakeResolver world;
  healthy(world);
  world.secure("example.org MX", {"10 mx.example.org.", "0 ."});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::no_service);
  EXPECT_TRUE(evidence.null_mx_beside_others);
  EXPECT_TRUE(evidence.hosts.empty());
  EXPECT_EQ(world.asked(), Names{"example.org MX"});
}

TEST(Conformance, C34_NoMxIsTheDomainItself) {
  FakeResolver world;
  world.secure("example.org A", {"192.0.2.1"}).secure("_25._tcp.example.org TLSA", {record});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_TRUE(evidence.implicit_mx);
  EXPECT_EQ(evidence.service_status, Status::secure);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.host, "example.org");
  EXPECT_EQ(host.preference, std::nullopt);
  EXPECT_EQ(host.located, Located::dane);
}

TEST(Conformance, C35_NoSuchDomain) {
  FakeResolver world;
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::nxdomain);
  EXPECT_FALSE(evidence.implicit_mx);
  EXPECT_TRUE(evidence.hosts.empty());
  EXPECT_EQ(world.asked(), Names{"example.org MX"});
}

TEST(Conformance, C36_NoMxResolves) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx1.example.org.", "20 mx2.example.org."});
  world.secure("mx2.example.org MX", {"0 ."}).secure("example.org A", {"192.0.2.1"});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_FALSE(evidence.implicit_mx);
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.hosts[0].located, Located::nxdomain);
  EXPECT_EQ(evidence.hosts[1].located, Located::no_address);
  EXPECT_FALSE(was_asked(world, "example.org A"));
}

void good_and_plain(FakeResolver& world, const Names& exchanges) {
  world.secure("example.org MX", exchanges);
  world.secure("plain.example.org A", {"192.0.2.1"}).secure("good.example.org A", {"192.0.2.2"});
  world.secure("_25._tcp.good.example.org TLSA", {record});
}

TEST(Conformance, C37_SecurityDoesNotChangeTheOrder) {
  FakeResolver world;
  good_and_plain(world, {"20 good.example.org.", "10 plain.example.org."});
  const DnsEvidence evidence = locate_in(world, "example.org");
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.hosts[0].host, "plain.example.org");
  EXPECT_EQ(evidence.hosts[0].located, Located::no_tlsa);
  EXPECT_EQ(evidence.hosts[1].located, Located::dane);
}

TEST(Conformance, C38_EqualHostsOneWithoutTlsa) {
  FakeResolver world;
  good_and_plain(world, {"10 good.example.org.", "10 plain.example.org."});
  const DnsEvidence evidence = locate_in(world, "example.org");
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.hosts[0].located, Located::dane);
  EXPECT_EQ(evidence.hosts[1].located, Located::no_tlsa);  // mail can take this way unprotected
}

// What each answer to each lookup means (RFC 7672 2.1 and 2.2), a test each.

TEST(Conformance, D2_MxSecure) {
  FakeResolver world;
  healthy(world);
  EXPECT_EQ(host_located(world), Located::dane);
  EXPECT_EQ(world.asked(),
            (Names{"example.org MX", "mx.example.org A", "mx.example.org AAAA", "_25._tcp.mx.example.org TLSA"}));
}

TEST(Conformance, D2_MxInsecure) {
  FakeResolver world;
  healthy(world);
  world.insecure("example.org MX", {"10 mx.example.org."});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::insecure_mx);
  EXPECT_EQ(evidence.service_status, Status::insecure);
  EXPECT_EQ(only_host(evidence).addresses.size(), 1U);
}

TEST(Conformance, D2_MxInsecureDenial) {
  FakeResolver world;
  world.nodata("example.org MX", Status::insecure).secure("example.org A", {"192.0.2.1"});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::insecure_mx);
  EXPECT_TRUE(evidence.implicit_mx);
  FakeResolver empty;
  empty.nxdomain("example.org", Status::insecure);
  EXPECT_EQ(locate_in(empty, "example.org").located, Located::nxdomain);
}

struct Broken {
  Status status;
  Failure failure;
  Located located;
};

const std::vector<Broken> broken_answers{
    {Status::bogus, Failure::none, Located::bogus},           {Status::failed, Failure::servfail, Located::servfail},
    {Status::failed, Failure::timeout, Located::timeout},     {Status::failed, Failure::malformed, Located::malformed},
    {Status::failed, Failure::local, Located::local_failure},
};

void break_it(FakeResolver& world, const std::string& question, const Broken& broken,
              const std::vector<std::string>& forged) {
  if (broken.status == Status::bogus) world.bogus(question, forged);
  if (broken.status == Status::failed) world.failed(question, broken.failure);
}

TEST(Conformance, D2_MxBogusOrFailed) {
  for (const Broken& broken : broken_answers) {
    FakeResolver world;
    healthy(world);
    break_it(world, "example.org MX", broken, {"10 mx.example.org."});
    const DnsEvidence evidence = locate_in(world, "example.org");
    EXPECT_EQ(evidence.located, broken.located);
    EXPECT_TRUE(evidence.hosts.empty());
    EXPECT_FALSE(was_asked(world, "mx.example.org A"));
    EXPECT_EQ(evidence.lookups.front().status, broken.status);
  }
}

TEST(Conformance, D2_CnameAtNextHopInsecure) {
  FakeResolver world;
  world.alias("alias.example", "example.org", Status::insecure);
  healthy(world);
  EXPECT_EQ(locate_in(world, "alias.example").located, Located::insecure_mx);
}

TEST(Conformance, D2_CnameAtNextHopBogus) {
  FakeResolver world;
  world.alias("alias.example", "example.org", Status::bogus);
  healthy(world);
  const DnsEvidence evidence = locate_in(world, "alias.example");
  EXPECT_EQ(evidence.located, Located::bogus);
  EXPECT_TRUE(evidence.hosts.empty());
}

TEST(Conformance, D2_AddressInsecure) {
  FakeResolver world;
  healthy(world);
  world.insecure("mx.example.org A", {"192.0.2.1"});
  EXPECT_EQ(host_located(world), Located::insecure);
  EXPECT_FALSE(tlsa_was_asked(world));
  EXPECT_FALSE(was_asked(world, "mx.example.org CNAME"));  // no alias, no question about one
}

TEST(Conformance, D2_AddressDenied) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.org."});
  EXPECT_EQ(host_located(world), Located::nxdomain);
  world.nodata("mx.example.org A");
  EXPECT_EQ(host_located(world), Located::no_address);
  EXPECT_FALSE(tlsa_was_asked(world));
}

TEST(Conformance, D2_AddressDeniedInsecurely) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.org."}).nxdomain("mx.example.org", Status::insecure);
  EXPECT_EQ(host_located(world), Located::nxdomain);
}

TEST(Conformance, D2_AddressBogusOrFailed) {
  for (const Broken& broken : broken_answers) {
    FakeResolver world;
    healthy(world);
    break_it(world, "mx.example.org A", broken, {"192.0.2.66"});
    break_it(world, "mx.example.org AAAA", broken, {"2001:db8::66"});
    const HostEvidence host = only_host(locate_in(world, "example.org"));
    EXPECT_EQ(host.located, broken.located);
    EXPECT_TRUE(host.addresses.empty());  // those of a bogus answer are forged
    EXPECT_FALSE(tlsa_was_asked(world));
  }
}

TEST(Conformance, D2_TlsaInsecure) {
  FakeResolver world;
  healthy(world);
  world.insecure("_25._tcp.mx.example.org TLSA", {record});
  EXPECT_EQ(host_located(world), Located::insecure);
}

TEST(Conformance, D2_TlsaDenied) {
  FakeResolver world;
  healthy(world);
  world.nxdomain("_25._tcp.mx.example.org");
  world.nodata("_25._tcp.mx.example.org TLSA");
  EXPECT_EQ(host_located(world), Located::no_tlsa);
}

TEST(Conformance, D2_TlsaDeniedInsecurely) {
  FakeResolver world;
  healthy(world);
  world.nodata("_25._tcp.mx.example.org TLSA", Status::insecure);
  EXPECT_EQ(host_located(world), Located::insecure);
}

TEST(Conformance, D2_TlsaBogusOrFailed) {
  for (const Broken& broken : broken_answers) {
    FakeResolver world;
    healthy(world);
    break_it(world, "_25._tcp.mx.example.org TLSA", broken, {record});
    const HostEvidence host = only_host(locate_in(world, "example.org"));
    EXPECT_EQ(host.located, broken.located);
    EXPECT_TRUE(host.tlsa.empty());
    EXPECT_EQ(host.addresses.size(), 1U);
  }
}

TEST(Conformance, D20_AddressesBeforeTlsa) {
  FakeResolver world;
  healthy(world);
  locate_in(world, "mx.example.org:25");
  EXPECT_EQ(world.asked(), (Names{"mx.example.org A", "mx.example.org AAAA", "_25._tcp.mx.example.org TLSA"}));
}

TEST(Conformance, D21_InsecureAddressBesideASecureTlsa) {
  FakeResolver world;
  healthy(world);
  world.insecure("mx.example.org A", {"192.0.2.1"});
  DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(only_host(evidence).located, Located::insecure);
  diagnose_in(world, evidence);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.located, Located::insecure);
  EXPECT_TRUE(host.tlsa.empty());
  const auto ignored = std::ranges::find(host.lookups, RrType::tlsa, [](const Answer& a) { return a.question.type; });
  ASSERT_NE(ignored, host.lookups.end());
  EXPECT_TRUE(ignored->diagnostic);
  EXPECT_EQ(ignored->status, Status::secure);
}

TEST(Conformance, D22_OneFamilyFails) {
  for (const Broken& broken : broken_answers) {
    FakeResolver world;
    healthy(world);
    break_it(world, "mx.example.org AAAA", broken, {"2001:db8::66"});
    const HostEvidence host = only_host(locate_in(world, "example.org"));
    EXPECT_EQ(host.located, Located::dane);
    ASSERT_EQ(host.addresses.size(), 1U);
    EXPECT_FALSE(host.addresses[0].address.v6);
    ASSERT_GE(host.lookups.size(), 2U);
    EXPECT_EQ(host.lookups[1].status, broken.status);  // kept, for the finding
  }
}

TEST(Conformance, D23_OneFamilyDeniedTheOtherFails) {
  for (const Broken& broken : broken_answers) {
    FakeResolver world;
    healthy(world);
    world.nodata("mx.example.org A");
    break_it(world, "mx.example.org AAAA", broken, {"2001:db8::66"});
    EXPECT_EQ(host_located(world), broken.located);
    EXPECT_FALSE(tlsa_was_asked(world));
  }
}

TEST(Conformance, D24_OneFamilyDeniedInsecurely) {
  FakeResolver world;
  healthy(world);
  world.nodata("mx.example.org AAAA", Status::insecure);
  EXPECT_EQ(host_located(world), Located::dane);
}

TEST(Conformance, D25_TlsaOfOneMxFails) {
  FakeResolver world;
  healthy(world);
  world.secure("example.org MX", {"10 mx.example.org.", "20 two.example.org."});
  world.secure("two.example.org A", {"192.0.2.2"}).failed("_25._tcp.two.example.org TLSA");
  const DnsEvidence evidence = locate_in(world, "example.org");
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.located, Located::dane);
  EXPECT_EQ(evidence.hosts[0].located, Located::dane);
  EXPECT_EQ(evidence.hosts[1].located, Located::servfail);
}

TEST(Conformance, D26_TlsaServfailOnly) {
  FakeResolver world;
  healthy(world);
  world.failed("_25._tcp.mx.example.org TLSA");
  EXPECT_EQ(host_located(world), Located::servfail);
  // Before anything is said to have failed: the network may have come back in between.
  EXPECT_EQ(world.asked()[world.asked().size() - 2], ". DNSKEY");
  EXPECT_EQ(world.asked().back(), "_25._tcp.mx.example.org TLSA");
}

TEST(Conformance, D30_BogusMxStopsTheWholeDomain) {
  FakeResolver world;
  healthy(world);
  world.bogus("example.org MX", {"10 mx.example.org."});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::bogus);
  EXPECT_EQ(evidence.lookups.front().why_bogus, "signature expired");
  EXPECT_EQ(world.asked(), (Names{"example.org MX", ". DNSKEY", "example.org MX"}));
}

TEST(Conformance, D14_AWrongTrustAnchorMakesEverythingLookUnsigned) {
  FakeResolver world;
  world.insecure("example.org MX", {"10 mx.example.org."}).insecure("mx.example.org A", {"192.0.2.1"});
  world.insecure(". DNSKEY", {"257 3 8 AwEAAa=="});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::trust_anchor);
  EXPECT_EQ(only_host(evidence).located, Located::trust_anchor);
  EXPECT_EQ(evidence.lookups.back().question.name, ".");
}

TEST(Conformance, D14_AnUnsignedDomainStaysInsecure) {
  FakeResolver world;
  world.insecure("example.org MX", {"10 mx.example.org."}).insecure("mx.example.org A", {"192.0.2.1"});
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::insecure_mx);
  EXPECT_EQ(only_host(evidence).located, Located::insecure);
}

}  // namespace
}  // namespace danewatch

// SRV (RFC 7673, rows.md C-56 to C-68).
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

bool tlsa_was_asked(const FakeResolver& world) {
  return std::ranges::any_of(world.asked(), [](const std::string& question) { return question.ends_with(" TLSA"); });
}

void healthy(FakeResolver& world) {
  world.secure("_imaps._tcp.example.org SRV", {"5 7 1993 imap.example.net."});
  world.secure("imap.example.net A", {"192.0.2.1"}).secure("_1993._tcp.imap.example.net TLSA", {record});
}

TEST(Conformance, C56_SecureSrv) {
  FakeResolver world;
  healthy(world);
  const DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  EXPECT_EQ(evidence.located, Located::dane);
  EXPECT_EQ(evidence.service_status, Status::secure);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.base_domain, "imap.example.net");
  EXPECT_EQ(host.port, 1993);
  EXPECT_EQ(host.preference, 5);
  EXPECT_EQ(host.weight, 7);
  EXPECT_EQ(host.names, (Names{"imap.example.net", "example.org"}));
}

TEST(Conformance, C57_NoUsableTlsaPutsTheServiceDomainFirst) {
  FakeResolver world;
  healthy(world);
  world.secure("_1993._tcp.imap.example.net TLSA", {"4 1 1 aa"});
  HostEvidence host = only_host(locate_in(world, "_imaps._tcp.example.org"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.names, (Names{"example.org", "imap.example.net"}));
  world.nodata("_1993._tcp.imap.example.net TLSA");
  host = only_host(locate_in(world, "_imaps._tcp.example.org"));
  EXPECT_EQ(host.located, Located::no_tlsa);
  EXPECT_EQ(host.names, (Names{"example.org", "imap.example.net"}));
}

TEST(Conformance, C68_XmppNamesTheTargetAndTheServiceDomain) {
  FakeResolver world;
  world.secure("_xmpp-client._tcp.example.org SRV", {"0 0 5222 chat.example.net."});
  world.secure("chat.example.net A", {"192.0.2.1"}).secure("_5222._tcp.chat.example.net TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "xmpp-client://example.org"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.names, (Names{"chat.example.net", "example.org"}));
}

TEST(Conformance, C58_InsecureSrv) {
  FakeResolver world;
  healthy(world);
  world.insecure("_imaps._tcp.example.org SRV", {"5 7 1993 imap.example.net."});
  const DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  EXPECT_EQ(evidence.located, Located::insecure_srv);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.located, Located::insecure_srv);
  EXPECT_EQ(host.names, Names{"example.org"});
  EXPECT_EQ(host.addresses.size(), 1U);
  EXPECT_FALSE(tlsa_was_asked(world));
}

TEST(Conformance, C59_BogusOrFailedSrv) {
  FakeResolver world;
  healthy(world);
  world.bogus("_imaps._tcp.example.org SRV", {"0 0 993 evil.example."});
  DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  EXPECT_EQ(evidence.located, Located::bogus);
  EXPECT_TRUE(evidence.hosts.empty());
  world.failed("_imaps._tcp.example.org SRV", Failure::timeout);
  EXPECT_EQ(locate_in(world, "_imaps._tcp.example.org").located, Located::timeout);
}

TEST(Conformance, C60_NoSrvMeansTheHostItself) {
  FakeResolver world;
  world.secure("example.org A", {"192.0.2.1"}).secure("_5222._tcp.example.org TLSA", {record});
  const DnsEvidence evidence = locate_in(world, "xmpp-client://example.org");
  EXPECT_EQ(evidence.located, Located::dane);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.port, 5222);
  EXPECT_EQ(host.preference, std::nullopt);
  EXPECT_EQ(host.names, Names{"example.org"});
  EXPECT_EQ(world.asked().front(), "_xmpp-client._tcp.example.org SRV");
}

TEST(Conformance, C60_ASrvNameWithoutRecords) {
  FakeResolver world;
  EXPECT_EQ(locate_in(world, "_imaps._tcp.example.org").located, Located::nxdomain);
  world.nodata("_imaps._tcp.example.org SRV");
  const DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  EXPECT_EQ(evidence.located, Located::nxdomain);
  EXPECT_TRUE(evidence.hosts.empty());
}

TEST(Conformance, C61_BothFamiliesInsecure) {
  FakeResolver world;
  healthy(world);
  world.insecure("imap.example.net A", {"192.0.2.1"}).insecure("imap.example.net AAAA", {"2001:db8::1"});
  EXPECT_EQ(only_host(locate_in(world, "_imaps._tcp.example.org")).located, Located::insecure);
  EXPECT_FALSE(tlsa_was_asked(world));
}

TEST(Conformance, C62_OneFamilySecure) {
  for (const bool v4_secure : {true, false}) {
    FakeResolver world;
    healthy(world);
    if (v4_secure) world.insecure("imap.example.net AAAA", {"2001:db8::1"});
    if (!v4_secure)
      world.insecure("imap.example.net A", {"192.0.2.1"}).secure("imap.example.net AAAA", {"2001:db8::1"});
    const HostEvidence host = only_host(locate_in(world, "_imaps._tcp.example.org"));
    EXPECT_EQ(host.located, Located::dane);
    ASSERT_EQ(host.addresses.size(), 2U);
    EXPECT_EQ(host.addresses[0].status, v4_secure ? Status::secure : Status::insecure);
    EXPECT_EQ(host.addresses[1].status, v4_secure ? Status::insecure : Status::secure);
  }
}

TEST(Conformance, C63_BogusAddressesStopThisTargetOnly) {
  FakeResolver world;
  healthy(world);
  world.secure("_imaps._tcp.example.org SRV", {"0 0 1993 bad.example.net.", "5 0 1993 imap.example.net."});
  world.bogus("bad.example.net A", {"192.0.2.66"});
  const DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.hosts[0].located, Located::bogus);
  EXPECT_TRUE(evidence.hosts[0].addresses.empty());
  EXPECT_EQ(evidence.hosts[1].located, Located::dane);
}

TEST(Conformance, C64_BogusTlsaStopsThisTargetOnly) {
  FakeResolver world;
  healthy(world);
  world.secure("_imaps._tcp.example.org SRV", {"0 0 993 bad.example.net.", "5 0 1993 imap.example.net."});
  world.secure("bad.example.net A", {"192.0.2.2"}).bogus("_993._tcp.bad.example.net TLSA", {record});
  const DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  ASSERT_EQ(evidence.hosts.size(), 2U);
  EXPECT_EQ(evidence.hosts[0].located, Located::bogus);
  EXPECT_EQ(evidence.hosts[1].located, Located::dane);
}

TEST(Conformance, C65_TargetDotMeansNoService) {
  for (const std::string_view target : {"_imaps._tcp.example.org", "xmpp-client://example.org"}) {
    FakeResolver world;
    world.secure("_imaps._tcp.example.org SRV", {"0 0 0 ."}).secure("_xmpp-client._tcp.example.org SRV", {"0 0 0 ."});
    const DnsEvidence evidence = locate_in(world, target);
    EXPECT_EQ(evidence.located, Located::no_service);
    EXPECT_TRUE(evidence.hosts.empty());
    EXPECT_EQ(world.asked().size(), 1U);
  }
}

TEST(Conformance, C66_ATargetThatIsAnAliasPrefersItsTarget) {
  FakeResolver world;
  world.secure("_imaps._tcp.example.org SRV", {"0 0 993 imap.example.org."}).alias("imap.example.org", "h.example.net");
  world.secure("h.example.net A", {"192.0.2.1"}).secure("_993._tcp.h.example.net TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "_imaps._tcp.example.org"));
  EXPECT_EQ(host.base_domain, "h.example.net");
  EXPECT_EQ(host.names, (Names{"h.example.net", "example.org"}));
}

TEST(Conformance, C67_PrioritiesKeepTheirOrder) {
  FakeResolver world;
  world.secure("_imaps._tcp.example.org SRV",
               {"20 1 993 c.example.net.", "10 1 993 a.example.net.", "10 9 993 b.example.net.",
                "10 1 993 a.example.net.", "10 1 994 a.example.net."});
  world.secure("c.example.net A", {"192.0.2.3"}).secure("_993._tcp.c.example.net TLSA", {record});
  const DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  std::vector<std::string> order;
  for (const HostEvidence& host : evidence.hosts) order.push_back(host.host + ":" + std::to_string(host.port));
  EXPECT_EQ(order, (Names{"a.example.net:993", "b.example.net:993", "a.example.net:994", "c.example.net:993"}));
}

TEST(LocateSrv, APortOfZeroIsNoPlace) {
  FakeResolver world;
  world.secure("_imaps._tcp.example.org SRV", {"0 0 0 imap.example.net."});
  EXPECT_EQ(only_host(locate_in(world, "_imaps._tcp.example.org")).located, Located::malformed);
}

TEST(LocateSrv, RecordsThatDoNotParse) {
  FakeResolver world;
  world.secure("_imaps._tcp.example.org SRV", {"nonsense"});
  const DnsEvidence evidence = locate_in(world, "_imaps._tcp.example.org");
  EXPECT_EQ(evidence.located, Located::malformed);
}

TEST(LocateSrv, XmppFollowsItsSrv) {
  FakeResolver world;
  world.secure("_xmpp-server._tcp.example.org SRV", {"0 0 5270 xmpp.example.net."});
  world.secure("xmpp.example.net A", {"192.0.2.1"}).secure("_5270._tcp.xmpp.example.net TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "xmpp-server://example.org"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.port, 5270);
}

}  // namespace
}  // namespace danewatch

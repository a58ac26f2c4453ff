// The names to compare (rows.md C-01 to C-10) and the TLSA base domain (rows.md C-13 to C-29).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/fake_resolver.hpp"

namespace danewatch {
namespace {

using Names = std::vector<std::string>;

const std::string record = "3 1 1 " + std::string(64, 'a');
const std::string other_record = "3 1 1 " + std::string(64, 'b');

HostEvidence only_host(const DnsEvidence& evidence) {
  if (evidence.hosts.size() == 1) return evidence.hosts.front();
  ADD_FAILURE() << evidence.hosts.size() << " hosts";
  return {};
}

bool was_asked(const FakeResolver& world, const std::string& question) {
  return std::ranges::find(world.asked(), question) != world.asked().end();
}

// A host with a TLSA record at port 25, everything signed.
void signed_host(FakeResolver& world, const std::string& host) {
  world.secure(host + " A", {"192.0.2.1"}).secure("_25._tcp." + host + " TLSA", {record});
}

TEST(Conformance, C01_MxHostAndNextHop) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.net."});
  signed_host(world, "mx.example.net");
  const HostEvidence host = only_host(locate_in(world, "example.org"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.base_domain, "mx.example.net");
  EXPECT_EQ(host.names, (Names{"mx.example.net", "example.org"}));
}

TEST(Conformance, C02_NextHopAliasIsTheThirdName) {
  FakeResolver world;
  world.alias("example.org", "example.com").secure("example.com MX", {"10 mx.example.net."});
  signed_host(world, "mx.example.net");
  const HostEvidence host = only_host(locate_in(world, "example.org"));
  EXPECT_EQ(host.names, (Names{"mx.example.net", "example.org", "example.com"}));
}

TEST(Conformance, C03_TheExampleOfTheRfc) {
  FakeResolver world;
  world.alias("exchange.example.org", "mail.example.org").alias("mail.example.org", "example.com");
  world.secure("example.com MX", {"10 mx10.example.com.", "15 mx15.example.com.", "20 mxbackup.example.net."});
  signed_host(world, "mx10.example.com");
  world.alias("mx15.example.com", "mx15.hosting.example").secure("mx15.hosting.example A", {"192.0.2.15"});
  world.secure("_25._tcp.mx15.example.com TLSA", {record});
  world.alias("mxbackup.example.net", "mx.hosting.example");
  signed_host(world, "mx.hosting.example");
  const DnsEvidence evidence = locate_in(world, "exchange.example.org");
  ASSERT_EQ(evidence.hosts.size(), 3U);
  EXPECT_EQ(evidence.hosts[0].names, (Names{"mx10.example.com", "exchange.example.org", "example.com"}));
  EXPECT_EQ(evidence.hosts[1].names, (Names{"mx15.example.com", "exchange.example.org", "example.com"}));
  EXPECT_EQ(evidence.hosts[2].names, (Names{"mx.hosting.example", "exchange.example.org", "example.com"}));
}

TEST(Conformance, C04_InsecureMxGivesTheMxNameAlone) {
  FakeResolver world;
  world.insecure("example.org MX", {"10 mx.example.net."});
  signed_host(world, "mx.example.net");
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_EQ(evidence.located, Located::insecure_mx);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.names, Names{"mx.example.net"});
}

TEST(Conformance, C05_ImplicitMxBehindAnAlias) {
  FakeResolver world;
  world.alias("example.org", "host.example.com");
  signed_host(world, "host.example.com");
  const DnsEvidence evidence = locate_in(world, "example.org");
  EXPECT_TRUE(evidence.implicit_mx);
  const HostEvidence host = only_host(evidence);
  EXPECT_EQ(host.base_domain, "host.example.com");
  EXPECT_EQ(host.names, (Names{"host.example.com", "example.org"}));
}

TEST(Conformance, C05_ARelayHostBehindAnAlias) {
  FakeResolver world;
  world.alias("relay.example.org", "host.example.com");
  signed_host(world, "host.example.com");
  const HostEvidence host = only_host(locate_in(world, "relay.example.org:25"));
  EXPECT_EQ(host.names, (Names{"host.example.com", "relay.example.org"}));
}

TEST(Conformance, C06_ImplicitMxWithoutAlias) {
  FakeResolver world;
  signed_host(world, "example.org");
  const HostEvidence host = only_host(locate_in(world, "example.org"));
  EXPECT_EQ(host.names, Names{"example.org"});
}

TEST(Conformance, C07_UsageThreeAloneStillHasItsNames) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.net."});
  signed_host(world, "mx.example.net");
  const HostEvidence host = only_host(locate_in(world, "example.org"));
  EXPECT_EQ(host.tlsa.at(0).usage, 3);
  EXPECT_EQ(host.base_domain, "mx.example.net");  // sent as the server's name all the same
  EXPECT_EQ(host.names.front(), host.base_domain);
}

TEST(Conformance, C08_TheBaseDomainOfAnAliasIsItsTarget) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.org."}).alias("mx.example.org", "real.example.net");
  signed_host(world, "real.example.net");
  EXPECT_EQ(only_host(locate_in(world, "example.org")).base_domain, "real.example.net");
}

TEST(Conformance, C09_NamesHaveNoTrailingDot) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.net."});
  signed_host(world, "mx.example.net");
  for (const std::string& name : only_host(locate_in(world, "example.org.")).names) {
    EXPECT_FALSE(name.ends_with('.')) << name;
  }
}

TEST(Conformance, C10_AnAddressIsNoNameToSend) {
  FakeResolver world;
  const HostEvidence host = only_host(locate_in(world, "192.0.2.1:25"));
  EXPECT_EQ(host.base_domain, "");
  EXPECT_EQ(host.names, Names{});
}

TEST(Conformance, C13_SecureAliasTlsaAtTarget) {
  FakeResolver world;
  world.alias("mx.example.org", "real.example.net");
  signed_host(world, "real.example.net");
  world.secure("_25._tcp.mx.example.org TLSA", {other_record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.base_domain, "real.example.net");
  ASSERT_EQ(host.tlsa.size(), 1U);
  EXPECT_EQ(to_text(host.tlsa[0]), record);
  EXPECT_FALSE(was_asked(world, "_25._tcp.mx.example.org TLSA"));
}

TEST(Conformance, C14_SecureAliasTlsaAtTheOriginalOnly) {
  FakeResolver world;
  world.alias("mx.example.org", "real.example.net").secure("real.example.net A", {"192.0.2.1"});
  world.secure("_25._tcp.mx.example.org TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.base_domain, "mx.example.org");
  EXPECT_TRUE(was_asked(world, "_25._tcp.real.example.net TLSA"));
}

TEST(Conformance, C15_InsecureTlsaAtTheTargetGoesOnToTheOriginal) {
  FakeResolver world;
  world.alias("mx.example.org", "real.example.net").secure("real.example.net A", {"192.0.2.1"});
  world.insecure("_25._tcp.real.example.net TLSA", {other_record}).secure("_25._tcp.mx.example.org TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.base_domain, "mx.example.org");
  EXPECT_EQ(to_text(host.tlsa.at(0)), record);
}

TEST(Conformance, C15_InsecureTlsaAndNoneAtTheOriginal) {
  FakeResolver world;
  world.alias("mx.example.org", "real.example.net").secure("real.example.net A", {"192.0.2.1"});
  world.insecure("_25._tcp.real.example.net TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::insecure);
  EXPECT_TRUE(host.tlsa.empty());
}

TEST(Conformance, C16_AFailedTlsaLookupEndsTheHost) {
  for (const bool bogus : {true, false}) {
    FakeResolver world;
    world.alias("mx.example.org", "real.example.net").secure("real.example.net A", {"192.0.2.1"});
    world.secure("_25._tcp.mx.example.org TLSA", {record});
    if (bogus) world.bogus("_25._tcp.real.example.net TLSA", {record});
    if (!bogus) world.failed("_25._tcp.real.example.net TLSA");
    const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
    EXPECT_EQ(host.located, bogus ? Located::bogus : Located::servfail);
    EXPECT_TRUE(host.tlsa.empty());
    EXPECT_FALSE(was_asked(world, "_25._tcp.mx.example.org TLSA"));
  }
}

TEST(Conformance, C17_AnIntermediateAliasIsNeverABaseDomain) {
  FakeResolver world;
  world.alias("mx.example.org", "middle.example.com").alias("middle.example.com", "real.example.net");
  world.secure("real.example.net A", {"192.0.2.1"}).secure("_25._tcp.middle.example.com TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::no_tlsa);
  EXPECT_FALSE(was_asked(world, "_25._tcp.middle.example.com TLSA"));
  EXPECT_EQ(host.names, Names{"mx.example.org"});
}

TEST(Conformance, C18_SecureAliasToInsecureTarget) {
  FakeResolver world;
  world.alias("mx.example.org", "real.example.net").insecure("real.example.net A", {"192.0.2.1"});
  world.secure("_25._tcp.mx.example.org TLSA", {record}).secure("_25._tcp.real.example.net TLSA", {other_record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.base_domain, "mx.example.org");
  EXPECT_EQ(to_text(host.tlsa.at(0)), record);
  EXPECT_TRUE(was_asked(world, "mx.example.org CNAME"));
  EXPECT_FALSE(was_asked(world, "_25._tcp.real.example.net TLSA"));
}

TEST(Conformance, C18_AFailedAliasLookupEndsTheHost) {
  FakeResolver world;
  world.alias("mx.example.org", "real.example.net").insecure("real.example.net A", {"192.0.2.1"});
  world.bogus("mx.example.org CNAME").secure("_25._tcp.mx.example.org TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::bogus);
  EXPECT_FALSE(was_asked(world, "_25._tcp.mx.example.org TLSA"));
}

TEST(Conformance, C19_InsecureAliasToSecureTarget) {
  FakeResolver world;
  world.alias("mx.example.org", "real.example.net", Status::insecure);
  signed_host(world, "real.example.net");
  world.secure("_25._tcp.mx.example.org TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::insecure);
  EXPECT_FALSE(was_asked(world, "_25._tcp.mx.example.org TLSA"));
  EXPECT_FALSE(was_asked(world, "_25._tcp.real.example.net TLSA"));
}

TEST(Conformance, C20_InsecureAliasInTheMiddle) {
  FakeResolver world;
  world.alias("mx.example.org", "middle.example.com").alias("middle.example.com", "real.example.net", Status::insecure);
  signed_host(world, "real.example.net");
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::no_tlsa);  // the first alias is proven, so the original is asked, and it alone
  EXPECT_TRUE(was_asked(world, "_25._tcp.mx.example.org TLSA"));
  EXPECT_FALSE(was_asked(world, "_25._tcp.real.example.net TLSA"));
}

TEST(Conformance, C21_AliasLoop) {
  FakeResolver world;
  world.alias("mx.example.org", "b.example.org").alias("b.example.org", "mx.example.org");
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::servfail);
}

TEST(Conformance, C22_SecureAliasAtTheTlsaOwner) {
  FakeResolver world;
  world.secure("mx.example.org A", {"192.0.2.1"}).alias("_25._tcp.mx.example.org", "tlsa.example.net");
  world.secure("tlsa.example.net TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.base_domain, "mx.example.org");
  EXPECT_EQ(host.names, Names{"mx.example.org"});
  EXPECT_EQ(to_text(host.tlsa.at(0)), record);
}

TEST(Conformance, C23_TlsaOwnerAliasedIntoAnInsecureZone) {
  FakeResolver world;
  world.secure("mx.example.org A", {"192.0.2.1"}).alias("_25._tcp.mx.example.org", "tlsa.example.net");
  world.insecure("tlsa.example.net TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::insecure);
  EXPECT_TRUE(host.tlsa.empty());  // the data is there and must not be used
}

TEST(Conformance, C24_TlsaOwnerAliasedToNothing) {
  for (const bool exists : {true, false}) {
    FakeResolver world;
    world.secure("mx.example.org A", {"192.0.2.1"}).alias("_25._tcp.mx.example.org", "tlsa.example.net");
    if (exists) world.secure("tlsa.example.net A", {"192.0.2.2"});
    EXPECT_EQ(only_host(locate_in(world, "mx.example.org:25")).located, Located::no_tlsa);
  }
}

TEST(Conformance, C25_DnameIsLikeCname) {
  FakeResolver world;
  world.alias("mx.d.example.org", "mx.example.net", Status::secure, RrType::dname);
  signed_host(world, "mx.example.net");
  const HostEvidence host = only_host(locate_in(world, "mx.d.example.org:25"));
  EXPECT_EQ(host.base_domain, "mx.example.net");
}

TEST(Conformance, C28_AnMxThatIsAnAliasPrefersTheTarget) {
  FakeResolver world;
  world.secure("example.org MX", {"10 mx.example.org."}).alias("mx.example.org", "real.example.net");
  signed_host(world, "real.example.net");
  const HostEvidence host = only_host(locate_in(world, "example.org"));
  EXPECT_EQ(host.base_domain, "real.example.net");
  EXPECT_EQ(host.lookups.front().aliases.size(), 1U);  // what the finding is made of
}

// What a name server makes of a wildcard is an answer like any other, for every port.
TEST(Conformance, C26_AWildcardServesEveryPort) {
  FakeResolver world;
  world.secure("mx.example.org A", {"192.0.2.1"});
  world.secure("_25._tcp.mx.example.org TLSA", {record}).secure("_587._tcp.mx.example.org TLSA", {record});
  EXPECT_EQ(only_host(locate_in(world, "mx.example.org:25")).located, Located::dane);
  EXPECT_EQ(only_host(locate_in(world, "mx.example.org:587")).located, Located::dane);
}

// RFC 4592 2.2.1: the host exists, so a wildcard beside it gives nothing below it; and nobody asks for the wildcard.
TEST(Conformance, C27_AWildcardBesideTheHostIsNotAskedFor) {
  FakeResolver world;
  world.secure("mx.example.org A", {"192.0.2.1"}).secure("*.example.org TLSA", {record});
  EXPECT_EQ(only_host(locate_in(world, "mx.example.org:25")).located, Located::no_tlsa);
  EXPECT_EQ(std::ranges::count(world.asked(), "*.example.org TLSA"), 0);
}

TEST(Conformance, C29_ThePortOfTheTarget) {
  FakeResolver world;
  world.secure("mail.example.org A", {"192.0.2.1"}).secure("_587._tcp.mail.example.org TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mail.example.org:587"));
  EXPECT_EQ(host.located, Located::dane);
  EXPECT_EQ(host.port, 587);
}

TEST(Conformance, C39_IdnIsAskedAsALabels) {
  FakeResolver world;
  signed_host(world, "xn--mller-kva.example");
  const HostEvidence host = only_host(locate_in(world, "müller.example"));
  EXPECT_EQ(host.host, "xn--mller-kva.example");
  EXPECT_EQ(host.unicode, "müller.example");
  EXPECT_EQ(world.asked().front(), "xn--mller-kva.example MX");
}

TEST(Conformance, A34_NoLeadingZerosInTheOwner) {
  FakeResolver world;
  world.secure("mail.example.org A", {"192.0.2.1"}).secure("_025._tcp.mail.example.org TLSA", {record});
  EXPECT_EQ(only_host(locate_in(world, "mail.example.org:025")).located, Located::no_tlsa);
}

TEST(Conformance, A35_NoQuestionForAnOwnerThatDoesNotFit) {
  std::string host;
  while (host.size() + 60 < 250) host += std::string(59, 'a') + ".";
  host += std::string(250 - host.size(), 'b');
  FakeResolver world;
  world.secure("example.org MX", {"10 " + host + "."}).secure(host + " A", {"192.0.2.1"});
  const HostEvidence walked = only_host(locate_in(world, "example.org"));
  EXPECT_EQ(walked.located, Located::no_tlsa);
  for (const std::string& question : world.asked()) EXPECT_FALSE(question.ends_with("TLSA")) << question;
}

TEST(Conformance, A36_TlsaInAnInsecureZoneIsNotUsed) {
  FakeResolver world;
  world.secure("other.example A", {"192.0.2.3"});
  world.insecure("mx.example.org A", {"192.0.2.1"}).insecure("_25._tcp.mx.example.org TLSA", {record});
  const HostEvidence host = only_host(locate_in(world, "mx.example.org:25"));
  EXPECT_EQ(host.located, Located::insecure);
  EXPECT_TRUE(host.tlsa.empty());
}

}  // namespace
}  // namespace danewatch

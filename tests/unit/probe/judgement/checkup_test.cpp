#include "probe/judgement/checkup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace danewatch {
namespace {

using testing::HasSubstr;

const SysTime now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};

Exchange good() {
  return {Contact::answered, 0, false, 1139, now - std::chrono::days(5), now + std::chrono::days(9)};
}

Exchange failed(Contact contact) {
  Exchange exchange;
  exchange.contact = contact;
  return exchange;
}

ServerPath server(Exchange udp, Exchange tcp, const char* address = "192.0.2.53", bool forwarder = false) {
  return {*parse_address(address), 53, forwarder, udp, tcp};
}

CheckupFacts facts(Status root, std::vector<ServerPath> servers) {
  CheckupFacts facts;
  facts.now = now;
  facts.trust_anchor = "built-in";
  facts.root.status = root;
  facts.servers = std::move(servers);
  return facts;
}

CheckupItem item(const Checkup& checkup, const std::string& topic) {
  for (const auto& one : checkup.items) {
    if (one.topic == topic) return one;
  }
  return {"no " + topic, Severity::critical, "", ""};
}

void expect(const Checkup& checkup, const std::string& topic, Severity severity, const std::string& text) {
  const auto found = item(checkup, topic);
  EXPECT_EQ(to_string(found.severity), to_string(severity)) << topic << ": " << found.text;
  EXPECT_THAT(found.text, HasSubstr(text));
  const bool well = severity == Severity::ok;
  EXPECT_EQ(found.fix.empty(), well) << found.fix;
}

TEST(Checkup, AllIsWell) {
  const auto checkup = examine(facts(Status::secure, {server(good(), good()), server(good(), good(), "2001:db8::53")}));
  EXPECT_EQ(checkup.severity, Severity::ok);
  expect(checkup, "trust anchor", Severity::ok, "Built-in proves the DNS root.");
  expect(checkup, "DNS by UDP", Severity::ok, "1139 bytes with EDNS arrive from the root server 192.0.2.53.");
  expect(checkup, "DNS by TCP", Severity::ok, "The root server 192.0.2.53 answers.");
  expect(checkup, "clock", Severity::ok, "Within the validity of the root's signatures.");
  expect(checkup, "IPv6", Severity::ok, "This machine has a way to the IPv6 Internet.");
}

TEST(Checkup, FaultsOfLibrariesAreNamedWhereThereAreSome) {
  auto world = facts(Status::secure, {server(good(), good())});
  world.libraries = {{"libunbound", "1.26.2", {}, 0}, {"OpenSSL", "3.0.18", "3.0.18-1~deb12u2", 12}};
  const auto checkup = examine(world);
  EXPECT_EQ(checkup.severity, Severity::warning);
  expect(checkup, "OpenSSL", Severity::warning, "CVE-2026-28387");
  EXPECT_EQ(item(checkup, "libunbound").topic, "no libunbound");
}

TEST(Checkup, NoNetworkAtAll) {
  const auto nothing = failed(Contact::unreachable);
  const auto checkup = examine(facts(Status::failed, {server(nothing, nothing)}));
  EXPECT_EQ(checkup.severity, Severity::unknown);
  expect(checkup, "trust anchor", Severity::unknown, "No name server answers, so no domain can be checked.");
  EXPECT_EQ(checkup.items.size(), 2U);
  expect(checkup, "IPv6", Severity::info, "This machine has no IPv6");
}

TEST(Checkup, AForwarderThatDrops) {
  const auto nothing = failed(Contact::silent);
  const auto checkup = examine(facts(Status::failed, {server(nothing, nothing, "192.0.2.1", true)}));
  expect(checkup, "trust anchor", Severity::unknown, "The forwarder 192.0.2.1 does not answer");
}

TEST(Checkup, AForwarderThatRefuses) {
  auto refused = good();
  refused.rcode = 5;
  refused.inception = refused.expires = std::nullopt;
  const auto checkup = examine(facts(Status::failed, {server(refused, refused, "192.0.2.1", true)}));
  expect(checkup, "trust anchor", Severity::unknown,
         "The forwarder 192.0.2.1 answers REFUSED, not the keys of the root.");
}

TEST(Checkup, AResolverThatStripsSignatures) {
  auto bare = good();
  bare.inception = bare.expires = std::nullopt;
  const auto by_forwarder = examine(facts(Status::bogus, {server(bare, bare, "192.0.2.1", true)}));
  expect(by_forwarder, "trust anchor", Severity::unknown, "The forwarder 192.0.2.1 answers without DNSSEC signatures.");
  EXPECT_THAT(item(by_forwarder, "trust anchor").fix, HasSubstr("Take another forwarder"));
  const auto direct = examine(facts(Status::bogus, {server(bare, bare)}));
  EXPECT_THAT(item(direct, "trust anchor").fix, HasSubstr("Something on the way"));
}

TEST(Checkup, AClockThatIsBehindOrAhead) {
  auto world = facts(Status::bogus, {server(good(), good())});
  world.now = now - std::chrono::days(30);
  auto checkup = examine(world);
  EXPECT_EQ(checkup.severity, Severity::unknown);
  expect(checkup, "clock", Severity::unknown,
         "It says 2026-01-01 00:00 UTC, but the root's signatures begin 2026-01-26 00:00 UTC.");
  expect(checkup, "trust anchor", Severity::unknown, "because the clock is wrong");
  world.now = now + std::chrono::days(30);
  checkup = examine(world);
  expect(checkup, "clock", Severity::unknown, "but the root's signatures ended 2026-02-09 00:00 UTC.");
}

TEST(Checkup, AWrongTrustAnchor) {
  auto world = facts(Status::bogus, {server(good(), good())});
  world.trust_anchor = "/etc/old.key";
  expect(examine(world), "trust anchor", Severity::unknown,
         "The trust anchor /etc/old.key does not prove the DNS root.");
}

TEST(Checkup, KeysThatDoNotArrive) {
  expect(examine(facts(Status::failed, {server(good(), good())})), "trust anchor", Severity::unknown,
         "The keys of the DNS root do not arrive.");
}

TEST(Checkup, TcpRefusedOrSilent) {
  auto checkup = examine(facts(Status::secure, {server(good(), failed(Contact::refused))}));
  EXPECT_EQ(checkup.severity, Severity::warning);
  expect(checkup, "DNS by TCP", Severity::warning, "The root server 192.0.2.53 refuses TCP.");
  checkup = examine(facts(Status::secure, {server(good(), failed(Contact::silent))}));
  expect(checkup, "DNS by TCP", Severity::warning, "No answer arrives by TCP.");
}

TEST(Checkup, UdpLostOrCutShort) {
  auto checkup = examine(facts(Status::secure, {server(failed(Contact::silent), good())}));
  expect(checkup, "DNS by UDP", Severity::warning, "No answer arrives by UDP.");
  auto cut = good();
  cut.truncated = true;
  checkup = examine(facts(Status::secure, {server(cut, good())}));
  expect(checkup, "DNS by UDP", Severity::warning, "The root server 192.0.2.53 cuts large answers short.");
}

// "It works, but": not where nothing works.
TEST(Checkup, UnknownIsNotOutrankedByAWarning) {
  EXPECT_EQ(examine(facts(Status::bogus, {server(good(), failed(Contact::refused))})).severity, Severity::unknown);
}

TEST(Checkup, NoIpv6IsNoFault) {
  const auto none = failed(Contact::unreachable);
  auto world = facts(Status::secure, {server(good(), good()), server(none, none, "2001:db8::53")});
  auto checkup = examine(world);
  EXPECT_EQ(exit_status(checkup.severity), 0);
  expect(checkup, "IPv6", Severity::info, "This machine has no IPv6");
  world.servers.pop_back();
  expect(examine(world), "IPv6", Severity::info, "This machine has no IPv6");
  world.ipv6_route = true;  // nobody was asked over it
  expect(examine(world), "IPv6", Severity::ok, "This machine has a way to the IPv6 Internet.");
}

TEST(Checkup, Port25) {
  const auto port = [](std::vector<PortTry> tries, Status status = Status::secure) {
    auto world = facts(Status::secure, {server(good(), good())});
    world.hosts = {{"mx.example", status, std::move(tries)}};
    return examine(world);
  };
  const auto a = *parse_address("192.0.2.1");
  expect(port({{a, Contact::answered}}), "port 25", Severity::ok, "mx.example takes connections.");
  expect(port({{a, Contact::answered}, {a, Contact::silent}}), "port 25", Severity::ok,
         "1 of 2 addresses of mx.example");
  expect(port({{a, Contact::refused}}), "port 25", Severity::critical, "mx.example refuses connections.");
  expect(port({{a, Contact::silent}}), "port 25", Severity::unknown, "mx.example does not answer.");
  expect(port({{a, Contact::unreachable}}), "port 25", Severity::unknown, "This machine has no way to mx.example.");
  expect(port({}), "port 25", Severity::unknown, "mx.example has no address.");
  expect(port({}, Status::bogus), "port 25", Severity::unknown, "mx.example cannot be looked up.");
}

}  // namespace
}  // namespace danewatch

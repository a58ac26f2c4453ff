#include "resolver/target/target.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

Target only(std::string_view text, const TargetOptions& options = {}) {
  const auto targets = parse_targets(text, options);
  EXPECT_TRUE(targets) << text << ": " << targets.error().message;
  if (!targets || targets->size() != 1) {
    ADD_FAILURE() << text << " is not one target";
    return {};
  }
  EXPECT_EQ(targets->front().text, text);
  return targets->front();
}

std::string error_of(std::string_view text, const TargetOptions& options = {}) {
  const auto targets = parse_targets(text, options);
  return targets ? "accepted" : targets.error().message;
}

std::optional<Address> address(std::string_view text) {
  return parse_address(text).value();
}

TEST(Target, ADomainIsAMailDomain) {
  const Target target = only("Example.ORG");
  EXPECT_EQ(target.kind, TargetKind::mail_domain);
  EXPECT_EQ(target.name, "example.org");
  EXPECT_EQ(target.unicode, "example.org");
  EXPECT_EQ(target.service->name, "smtp");
  EXPECT_EQ(target.port, 25);
  EXPECT_EQ(target.srv_owner, "");
  EXPECT_EQ(target.address, std::nullopt);
  EXPECT_EQ(only("example.org.").name, "example.org");
  EXPECT_EQ(only("mail_1.example.org").name, "mail_1.example.org");
}

TEST(Target, AHostGivesOneTargetPerPort) {
  const auto targets = parse_targets("Mail.example.org:25,443,8443,25");
  ASSERT_TRUE(targets);
  ASSERT_EQ(targets->size(), 3U);
  const std::vector<std::string_view> services{"smtp", "https", "tls"};
  const std::vector<std::uint16_t> ports{25, 443, 8443};
  const std::vector<std::string> texts{"Mail.example.org:25", "Mail.example.org:443", "Mail.example.org:8443"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(targets->at(i).kind, TargetKind::host);
    EXPECT_EQ(targets->at(i).name, "mail.example.org");
    EXPECT_EQ(targets->at(i).service->name, services[i]);
    EXPECT_EQ(targets->at(i).port, ports[i]);
    EXPECT_EQ(targets->at(i).text, texts[i]);
  }
}

TEST(Target, EverySchemeOfTheTableIsAHostOrFoundBySrv) {
  for (const Service& service : services()) {
    if (service.port == 0) continue;
    const std::string text = std::string(service.name) + "://h.example.org";
    const Target target = only(text);
    EXPECT_EQ(target.service, &service);
    EXPECT_EQ(target.port, service.port);
    const bool by_srv = service.discovery == Discovery::srv_then_host;
    EXPECT_EQ(target.kind, by_srv ? TargetKind::srv_then_host : TargetKind::host) << text;
    EXPECT_EQ(target.srv_owner, by_srv ? "_" + std::string(service.name) + "._tcp.h.example.org" : "");
    EXPECT_EQ(only(text + ":4000").kind, TargetKind::host);
    EXPECT_EQ(only(text + ":4000").port, 4000);
    EXPECT_EQ(only(text + ":4000").service, &service);
  }
}

TEST(Target, Urls) {
  EXPECT_EQ(only("IMAPS://h.example.org:993").service->name, "imaps");
  EXPECT_EQ(only("https://h.example.org/some/path").name, "h.example.org");
  EXPECT_EQ(only("https://h.example.org/").port, 443);
  EXPECT_EQ(only("smtp://h.example.org/").port, 25);
  EXPECT_EQ(only("tls://h.example.org:8443").service->name, "tls");
  EXPECT_EQ(error_of("tls://h.example.org"), "tls:// needs a port");
  EXPECT_EQ(error_of("ftps://h.example.org"), "the scheme \"ftps\" is not known");
  EXPECT_EQ(error_of("://h"), "the scheme \"\" is not known");
  EXPECT_EQ(error_of("https://user:secret@h.example.org"), "a target must not contain a user name");
  EXPECT_EQ(error_of("https://h.example.org/?q=1"), "a target must not contain a query");
  EXPECT_EQ(error_of("https://h.example.org#top"), "a target must not contain a fragment");
  EXPECT_EQ(error_of("smtp://h.example.org/path"), "a target must not contain a path");
  EXPECT_EQ(error_of("smtp://h.example.org:25,26"), "the port \"25,26\" is not a number");
  EXPECT_EQ(error_of("https://"), "the name before the port is missing");
  EXPECT_EQ(error_of("https://h%2eexample.org"), "a name must not contain '%'");
}

// Found by fuzzing: characters that vanish on the way to the A-label form moved the dot.
TEST(Target, AnSrvNameThatShrinksInItsALabelFormIsAnError) {
  EXPECT_EQ(error_of("_xamplXx\xef\xbb\xbfxxxxxxxxxxx."), "an SRV name is written _SERVICE._tcp.DOMAIN");
}

TEST(Target, SrvNames) {
  const Target target = only("_imaps._tcp.Example.org");
  EXPECT_EQ(target.kind, TargetKind::srv);
  EXPECT_EQ(target.srv_owner, "_imaps._tcp.example.org");
  EXPECT_EQ(target.name, "example.org");
  EXPECT_EQ(target.service->name, "imaps");
  EXPECT_EQ(only("_XMPP-Client._TCP.example.org").service->name, "xmpp-client");
  EXPECT_EQ(only("_xmpps-client._tcp.example.org").service->name, "tls");
  EXPECT_EQ(error_of("_imaps._udp.example.org"), "an SRV name is written _SERVICE._tcp.DOMAIN");
  EXPECT_EQ(error_of("_imaps.example.org"), "an SRV name is written _SERVICE._tcp.DOMAIN");
  EXPECT_EQ(error_of("_imaps"), "an SRV name is written _SERVICE._tcp.DOMAIN");
  EXPECT_EQ(error_of("_._tcp.example.org"), "an SRV name is written _SERVICE._tcp.DOMAIN");
  EXPECT_EQ(error_of("_imaps._tcp."), "an SRV name is written _SERVICE._tcp.DOMAIN");
  EXPECT_EQ(error_of("_25._tcp.mx.example.org"), "that is the owner of a TLSA record; write mx.example.org:25");
  EXPECT_EQ(error_of("_imaps._tcp.example.org:993"), "an SRV name takes no port: its record holds it");
}

TEST(Target, Addresses) {
  const Target v4 = only("192.0.2.1:443");
  EXPECT_EQ(v4.kind, TargetKind::address_literal);
  EXPECT_EQ(v4.name, "");
  EXPECT_EQ(v4.address, address("192.0.2.1"));
  EXPECT_EQ(v4.service->name, "https");
  EXPECT_EQ(only("192.0.2.1").port, 25);
  EXPECT_EQ(only("[2001:db8::1]:993").address, address("2001:db8::1"));
  EXPECT_EQ(only("[2001:db8::1]").port, 25);
  EXPECT_EQ(only("xmpp-client://192.0.2.1").kind, TargetKind::address_literal);
  EXPECT_EQ(only("https://[2001:db8::1]:8443/x").port, 8443);
  EXPECT_EQ(parse_targets("[2001:db8::1]:25,26")->at(1).text, "[2001:db8::1]:26");
  EXPECT_EQ(error_of("2001:db8::1"), "an IPv6 address is written in brackets, as in [2001:db8::1]");
  EXPECT_EQ(error_of("smtp://2001:DB8::1"), "an IPv6 address is written in brackets, as in [2001:db8::1]");
  EXPECT_EQ(error_of("a:b:c"), "an IPv6 address is written in brackets, as in [2001:db8::1]:25");
  EXPECT_EQ(error_of("[example.org]:25"), "no IP address within the brackets");
  EXPECT_EQ(error_of("[2001:db8::1"), "a '[' without its ']'");
  EXPECT_EQ(error_of("[2001:db8::1]25"), "only \":PORT\" may follow an address in brackets");
  EXPECT_EQ(error_of("[fe80::1%eth0]:25"), "no IP address within the brackets");
  EXPECT_EQ(error_of("192.0.2.256:25"), "a name whose last label is a number");
}

TEST(Target, AnAddressCanStandForAName) {
  TargetOptions options;
  options.name = "MX.example.org";
  const Target target = only("[2001:db8::1]:25", options);
  EXPECT_EQ(target.kind, TargetKind::host);
  EXPECT_EQ(target.name, "mx.example.org");
  EXPECT_EQ(target.address, address("2001:db8::1"));
  EXPECT_EQ(error_of("example.org", options), "a name can be given to an address only");
  options.name = "-x";
  EXPECT_EQ(error_of("192.0.2.1", options), "a label that begins or ends with '-'");
}

TEST(Target, TheAddressOptionGoesToEveryTarget) {
  TargetOptions options;
  options.address = address("192.0.2.9");
  const auto targets = parse_targets("mail.example.org:25,443", options);
  ASSERT_TRUE(targets);
  for (const Target& target : *targets) {
    EXPECT_EQ(target.address, options.address);
    EXPECT_EQ(target.kind, TargetKind::host);
  }
  EXPECT_EQ(only("example.org", options).address, options.address);
}

TEST(Target, BadPortsAreNamed) {
  EXPECT_EQ(error_of("h.example:0"), "the port \"0\" is not between 1 and 65535");
  EXPECT_EQ(error_of("h.example:65536"), "the port \"65536\" is not between 1 and 65535");
  EXPECT_EQ(error_of("h.example:99999999999999999"), "the port \"99999999999999999\" is not between 1 and 65535");
  EXPECT_EQ(error_of("h.example:abc"), "the port \"abc\" is not a number");
  EXPECT_EQ(error_of("h.example:-1"), "the port \"-1\" is not a number");
  EXPECT_EQ(error_of("h.example:25,"), "a port is missing");
  EXPECT_EQ(error_of("h.example:"), "a port is missing");
  EXPECT_EQ(error_of(":25"), "the name before the port is missing");
  EXPECT_EQ(error_of("h.example:\xc3\xa4"), "the port is not a number");  // raw bytes are not repeated
}

TEST(Target, BadNames) {
  EXPECT_EQ(error_of(""), "an empty target");
  EXPECT_EQ(error_of(std::string(301, 'a')), "over 300 characters");
  EXPECT_EQ(error_of("."), "an empty name");
  EXPECT_EQ(error_of("example..org"), "an empty label");
  EXPECT_EQ(error_of(".example.org"), "an empty label");
  EXPECT_EQ(error_of("example.org.."), "an empty label");
  EXPECT_EQ(error_of("--json"), "a label that begins or ends with '-'");
  EXPECT_EQ(error_of("-example.org"), "a label that begins or ends with '-'");
  EXPECT_EQ(error_of("example-.org"), "a label that begins or ends with '-'");
  EXPECT_EQ(error_of("user@example.org"), "this is an e-mail address; write example.org");
  EXPECT_EQ(error_of("mailto:user@example.org"), "this is an e-mail address; write example.org");
  EXPECT_EQ(error_of("smtp:mx.example.org"), "a scheme is followed by ://; write smtp://mx.example.org");
  EXPECT_EQ(error_of("mx.example.org:smtp"), "the port \"smtp\" is not a number; write smtp://mx.example.org");
  EXPECT_EQ(error_of("http://example.org"), "the scheme \"http\" is not known; write https://");
  EXPECT_EQ(error_of("$address6$"), "a macro that was not replaced");
  EXPECT_EQ(error_of("*.example.org"), "a name must not contain '*'");
  EXPECT_EQ(error_of("example.org/x"), "a name must not contain '/'");
  EXPECT_EQ(error_of("example.org\n"), "a control character");
  EXPECT_EQ(error_of("exam\x1bple.org"), "a control character");
  EXPECT_EQ(error_of("exam\x7fple.org"), "a control character");
  EXPECT_EQ(error_of(std::string_view("a\0b", 3)), "a control character");
  EXPECT_EQ(error_of("example org"), "a target must not contain a blank");
  EXPECT_EQ(error_of("1.2.3"), "a name whose last label is a number");
  EXPECT_EQ(error_of(std::string(64, 'a') + ".org"), "a label of 64 bytes, 63 are allowed");
  EXPECT_EQ(only(std::string(63, 'a') + ".org").name.size(), 67U);
}

std::string name_of(std::size_t octets) {
  std::string name;
  while (name.size() + 50 < octets) name += std::string(49, 'a') + ".";
  return name + std::string(octets - name.size(), 'b');
}

TEST(Target, LongNames) {
  EXPECT_EQ(only(name_of(253)).name.size(), 253U);
  EXPECT_EQ(error_of(name_of(254)), "a name of 254 bytes, 253 are allowed");
  const auto error = parse_targets("example.org:25,x").error();
  EXPECT_EQ(error.position, 15U);
}

TEST(Conformance, A35_NoTargetWhoseTlsaOwnerDoesNotFit) {
  EXPECT_EQ(only(name_of(244) + ":25").name.size(), 244U);  // "_25._tcp." takes 9
  EXPECT_EQ(error_of(name_of(245) + ":25"), "the TLSA owner _25._tcp.NAME would have 254 bytes, 253 are allowed");
  EXPECT_EQ(error_of(name_of(244) + ":465"), "the TLSA owner _465._tcp.NAME would have 254 bytes, 253 are allowed");
  EXPECT_EQ(error_of("xmpp-client://" + name_of(240)), "the SRV name would be over 253 bytes");
}

TEST(Conformance, C39_IdnBecomesALabels) {
  const Target target = only("Müller.example");
  EXPECT_EQ(target.name, "xn--mller-kva.example");
  EXPECT_EQ(target.unicode, "müller.example");
  EXPECT_EQ(only("straße.example").name, "xn--strae-oqa.example");  // IDNA 2008, not "strasse"
  EXPECT_EQ(only("xn--mller-kva.example").unicode, "müller.example");
  EXPECT_EQ(only("_imaps._tcp.müller.example").srv_owner, "_imaps._tcp.xn--mller-kva.example");
  EXPECT_EQ(only("例え。テスト").name, "xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(parse_targets("müller.example:25,26")->at(1).text, "müller.example:26");
}

TEST(Target, BadIdn) {
  const std::string_view not_allowed = "a character that IDNA 2008 does not allow, such as an emoji";
  EXPECT_EQ(error_of("💩.example"), not_allowed);
  EXPECT_EQ(error_of("a\u202e.example"), not_allowed);  // right-to-left override
  EXPECT_EQ(error_of("\xff\xfe.example"), "not UTF-8");
  EXPECT_EQ(error_of("\u0085.example"), not_allowed);                              // C1 control
  EXPECT_EQ(error_of("example\uff0forg.example"), "a name must not contain '/'");  // full-width slash
  std::string longest;
  for (int i = 0; i < 60; ++i) longest += "ü";
  EXPECT_EQ(error_of(longest + ".example"), "a label is too long in its ASCII form");
}

TEST(Target, UnicodeNamesAreOnlyThoseThatWouldBeAccepted) {
  EXPECT_EQ(to_unicode_name("xn--mller-kva.example"), "müller.example");
  EXPECT_EQ(to_unicode_name("plain.example"), "plain.example");
  EXPECT_EQ(to_unicode_name("xn--.example"), "xn--.example");
  EXPECT_EQ(to_unicode_name("xn--zzzzzzzzzzzz99999.example"), "xn--zzzzzzzzzzzz99999.example");
  EXPECT_EQ(to_unicode_name("xn--ls8h.example"), "xn--ls8h.example");  // an emoji
  EXPECT_EQ(to_unicode_name("a\\000b.xn--mller-kva"), "a\\000b.xn--mller-kva");
  EXPECT_EQ(to_unicode_name("xn--a-nqo.example"), "xn--a-nqo.example");  // an override before "a"
}

}  // namespace
}  // namespace danewatch

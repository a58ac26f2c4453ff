#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "resolver/unbound/config.hpp"
#include "resolver/unbound/context.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/unbound/trust_anchor.hpp"
#include "tests/support/signed_world.hpp"

namespace danewatch {
namespace {
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::internal::CaptureStderr;
using ::testing::internal::CaptureStdout;
using ::testing::internal::GetCapturedStderr;
using ::testing::internal::GetCapturedStdout;

// What the constructor throws; nothing may be printed meanwhile.
std::string problem_with(const ResolverOptions& options) {
  boost::asio::io_context io;
  std::string problem = "accepted";
  CaptureStderr();
  CaptureStdout();
  try {
    const UnboundResolver resolver(io.get_executor(), options);
  } catch (const std::runtime_error& error) {
    problem = error.what();
  }
  EXPECT_EQ(GetCapturedStdout(), "");
  EXPECT_EQ(GetCapturedStderr(), "");
  return problem;
}

std::string problem_with_forwarders(std::vector<std::string> values) {
  ResolverOptions options;
  options.forwarders = std::move(values);
  return problem_with(options);
}

std::string problem_with_stub(const std::string& value) {
  ResolverOptions options;
  options.stubs = {value};
  return problem_with(options);
}

TEST(UnboundOptions, GoodOnesAreAccepted) {
  EXPECT_EQ(problem_with({}), "accepted");
  EXPECT_EQ(problem_with_forwarders({"192.0.2.1", "192.0.2.1@5353", "2001:db8::1", "::1@5353", "[::1]@53"}),
            "accepted");
  EXPECT_EQ(problem_with_stub("example.org=192.0.2.1"), "accepted");
  EXPECT_EQ(problem_with_stub(".=::1@5353"), "accepted");
  ResolverOptions one_family;
  one_family.ipv6 = false;
  EXPECT_EQ(problem_with(one_family), "accepted");
}

TEST(UnboundOptions, LibunboundAcceptsTheBuiltInAnchor) {
  EXPECT_TRUE(make_unbound_context({}, find_trust_anchor(std::nullopt, {})));
}

// Debian 12 builds libunbound without OpenSSL; whoever asks for TLS must not silently get less.
TEST(UnboundOptions, DnsOverTlsWorksOrIsRefused) {
  EXPECT_THAT(
      problem_with_forwarders({"2001:db8::1@8853#dns.example.org", "192.0.2.1#dns.example.org"}),
      AnyOf("accepted", "--forwarder 2001:db8::1@8853#dns.example.org: this build of libunbound cannot ask over TLS"));
}

TEST(UnboundOptions, BadForwardersAreNamed) {
  const auto address = "a server is named by its IPv4 or IPv6 address";
  const auto port = "what follows @ is not a port from 1 to 65535";
  const auto name = "what follows # is not a host name";
  const std::array<std::pair<std::string, std::string>, 11> rows{
      {{"dns.example.org", address},
       {"", address},
       {"192.0.2.1:53", "a port stands behind @: 192.0.2.1@53"},
       {"192.0.2.1 ", address},
       {"fe80::1%eth0", address},
       {"192.0.2.1@", port},
       {"192.0.2.1@0", port},
       {"192.0.2.1@65536", port},
       {"192.0.2.1@53x", port},
       {"192.0.2.1#", name},
       {"192.0.2.1#a b", name}}};
  for (const auto& [value, problem] : rows) {
    EXPECT_EQ(problem_with_forwarders({value}), fmt::format("--forwarder {}: {}", value, problem));
  }
  EXPECT_EQ(problem_with_forwarders({"192.0.2.1#dns.example.org", "192.0.2.2"}),
            "--forwarder 192.0.2.2: either all forwarders are asked over TLS (#NAME) or none");
}

TEST(UnboundOptions, BadStubsAreNamed) {
  EXPECT_EQ(problem_with_stub("example.org"), "--stub example.org: this is not of the form ZONE=ADDR[@PORT]");
  EXPECT_EQ(problem_with_stub("=192.0.2.1"), "--stub =192.0.2.1: what stands before = is not a domain name");
  EXPECT_EQ(problem_with_stub("a..b=192.0.2.1"), "--stub a..b=192.0.2.1: what stands before = is not a domain name");
  EXPECT_EQ(problem_with_stub("a=b"), "--stub a=b: a server is named by its IPv4 or IPv6 address");
  EXPECT_EQ(problem_with_stub("a=192.0.2.1#n"),
            "--stub a=192.0.2.1#n: a stub server is asked without TLS, so no #NAME may follow");
}

TEST(UnboundOptions, NothingIsSmuggledIntoTheConfiguration) {
  const auto address = "a server is named by its IPv4 or IPv6 address";
  EXPECT_EQ(problem_with_forwarders({"1.1.1.1\nserver: val-permissive-mode: yes"}),
            fmt::format("--forwarder 1.1.1.1?server: val-permissive-mode: yes: {}", address));
  EXPECT_EQ(problem_with_forwarders({"1.1.1.1\""}), fmt::format("--forwarder 1.1.1.1\": {}", address));
  EXPECT_EQ(problem_with_forwarders({"1.1.1.1#a\"\nb"}),
            "--forwarder 1.1.1.1#a\"?b: what follows # is not a host name");
  EXPECT_EQ(problem_with_stub("a\"\nserver:=1.1.1.1"),
            "--stub a\"?server:=1.1.1.1: what stands before = is not a domain name");
  ResolverOptions options;
  options.root_hints = "/tmp/a\"\nserver:";
  EXPECT_EQ(problem_with(options),
            "--root-hints /tmp/a\"?server:: a path must not be empty or contain quotes or control characters");
  options = {};
  options.unbound_conf = "";
  EXPECT_EQ(problem_with(options), "--unbound-conf : a path must not be empty or contain quotes or control characters");
}

class UnboundFiles : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    folder.write(name, text);
    return folder.path(name);
  }
  std::string problem_with_hints(const std::string& path) {
    ResolverOptions options;
    options.root_hints = path;
    return problem_with(options);
  }
  std::string problem_with_conf(const std::string& path) {
    ResolverOptions options;
    options.unbound_conf = path;
    return problem_with(options);
  }

  SignedWorld folder;
};

TEST_F(UnboundFiles, RootHintsMustNameAServer) {
  EXPECT_EQ(problem_with_hints(file("hints", ". 3600 NS a.root.\na.root. 3600 A 192.0.2.1\n")), "accepted");
  EXPECT_EQ(problem_with_hints("/nowhere"), "--root-hints /nowhere: cannot be read: No such file or directory");
  const auto no_server = file("no-server", ". IN NS a.root.\n");
  EXPECT_EQ(problem_with_hints(no_server), "--root-hints " + no_server + ": it names no root server with an address");
  const auto page = file("page", "<html>\n");
  EXPECT_EQ(problem_with_hints(page), "--root-hints " + page + ": line 1 is not a DNS record");
}

TEST_F(UnboundFiles, UnboundConfIsReadLastAndItsErrorsAreTold) {
  EXPECT_EQ(problem_with_conf(file("good", "server:\n  cache-max-ttl: 10\n")), "accepted");
  EXPECT_EQ(problem_with_conf("/nowhere"), "--unbound-conf /nowhere: cannot be read: No such file or directory");
  const auto wrong = file("wrong", "server:\n  no-such-option: 3\n");
  EXPECT_THAT(problem_with_conf(wrong), HasSubstr("--unbound-conf " + wrong + ": line 2: error: "));
  const auto no_zone = file("no-zone", "auth-zone:\n  name: lab\n  zonefile: /nowhere\n");
  EXPECT_THAT(problem_with_conf(no_zone), HasSubstr("--unbound-conf " + no_zone + ": "));
}

TEST(UnboundConfig, EverySettingOfAMonitorIsThere) {
  ResolverOptions options;
  options.ipv6 = false;
  options.stubs = {"Example.ORG=192.0.2.1"};
  options.forwarders = {"2001:DB8::1#dns.example.org"};
  const auto text = unbound_config(options, {"built-in", {". IN DS 1 8 2 00"}});
  for (const auto* line : {"do-not-query-localhost: yes",
                           "aggressive-nsec: no",
                           "val-sig-skew-min: 0",
                           "val-sig-skew-max: 0",
                           "outbound-msg-retry: 2",
                           "infra-cache-max-rtt: 2500",
                           "infra-host-ttl: 10",
                           "infra-keep-probing: yes",
                           "val-bogus-ttl: 5",
                           "cache-max-negative-ttl: 5",
                           "cache-max-ttl: 60",
                           "outgoing-range: ",
                           "num-queries-per-thread: 4096",
                           "outgoing-num-tcp: 64",
                           "qname-minimisation: no",
                           "harden-below-nxdomain: no",
                           "edns-buffer-size: 1232",
                           "serve-expired: no",
                           "do-ip4: yes",
                           "do-ip6: no",
                           "trust-anchor: \". IN DS 1 8 2 00\"",
                           "stub-zone:\n  name: \"example.org\"\n  stub-addr: \"192.0.2.1@53\"",
                           "forward-addr: \"2001:db8::1@853#dns.example.org\"",
                           "forward-tls-upstream: yes",
                           "tls-system-cert: yes"}) {
    EXPECT_THAT(text, HasSubstr(fmt::format("{}", line)));
  }
}

TEST(UnboundConfig, ForwardersTellWhichFamilyItAsksIn) {
  const auto transport = [](ResolverOptions options) {
    const auto text = unbound_config(options, {"built-in", {". IN DS 1 8 2 00"}});
    return std::pair(text.find("do-ip4: yes") != text.npos, text.find("do-ip6: yes") != text.npos);
  };
  ResolverOptions options;
  EXPECT_EQ(transport(options), std::pair(true, true));
  options.forwarders = {"192.0.2.1"};
  EXPECT_EQ(transport(options), std::pair(true, false));
  options.forwarders = {"2001:db8::1"};
  EXPECT_EQ(transport(options), std::pair(false, true));
  options.forwarders = {"192.0.2.1", "2001:db8::1"};
  EXPECT_EQ(transport(options), std::pair(true, true));
  options.forwarders = {"192.0.2.1"};
  options.stubs = {"example.org=2001:db8::1"};
  EXPECT_EQ(transport(options), std::pair(true, true));
  options.stubs.clear();
  options.unbound_conf = "/etc/unbound/more.conf";  // may name servers of its own
  EXPECT_EQ(transport(options), std::pair(true, true));
  options.unbound_conf.reset();
  options.ipv4 = false;  // as told, even if no server is left
  EXPECT_EQ(transport(options), std::pair(false, true));
}

// A zone may name any address as that of its name server; what the operator named is asked all the same.
TEST(UnboundConfig, NobodyIsSentToThisMachineByAZone) {
  const auto text_of = [](const ResolverOptions& options) {
    return unbound_config(options, {"built-in", {". IN DS 1 8 2 00"}});
  };
  ResolverOptions options;
  EXPECT_THAT(text_of(options), HasSubstr("do-not-query-localhost: yes"));
  options.forwarders = {"127.0.0.53"};
  EXPECT_THAT(text_of(options), HasSubstr("do-not-query-localhost: no"));
  options.forwarders = {"192.0.2.1"};
  options.stubs = {"corp.example=::1@5353"};
  EXPECT_THAT(text_of(options), HasSubstr("do-not-query-localhost: no"));
}

TEST(UnboundConfig, ForStrangersOnlyGlobalNameServersAreAsked) {
  const auto text_of = [](const ResolverOptions& options) {
    return unbound_config(options, {"built-in", {". IN DS 1 8 2 00"}});
  };
  ResolverOptions options;
  EXPECT_THAT(text_of(options), Not(HasSubstr("do-not-query-address")));
  options.global_only = true;
  for (const auto* block : {"10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
                            "fc00::/7", "::/16", "64:ff9b::/32"}) {
    EXPECT_THAT(text_of(options), HasSubstr(fmt::format("do-not-query-address: {}\n", block)));
  }
  options.stubs = {"corp.example=10.0.0.53"};
  EXPECT_THAT(text_of(options), Not(HasSubstr("do-not-query-address: 10.0.0.0/8")));
  EXPECT_THAT(text_of(options), HasSubstr("do-not-query-address: 192.168.0.0/16"));
  boost::asio::io_context io;
  EXPECT_NO_THROW(UnboundResolver(io.get_executor(), options)) << "libunbound takes it";
}

TEST(UnboundConfig, AShortRunHasSmallTables) {
  ResolverOptions options;
  options.small = true;
  const auto text = unbound_config(options, {"built-in", {". IN DS 1 8 2 00"}});
  for (const auto* line : {"num-queries-per-thread: 128", "outgoing-num-tcp: 4", "target-fetch-policy: \"0 0 0 0 0\"",
                           "unblock-lan-zones: yes", "val-sig-skew-max: 0"}) {
    EXPECT_THAT(text, HasSubstr(fmt::format("{}", line)));
  }
}

}  // namespace
}  // namespace danewatch

#include "resolver/unbound/config.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "resolver/dns/address.hpp"
#include "resolver/dns/name.hpp"
#include "resolver/text_file.hpp"
#include "resolver/wire/records.hpp"
#include "resolver/wire/wire.hpp"

namespace danewatch {
namespace {

constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t dns_over_tls_port = 853;

// What a monitor needs: libunbound's defaults hide or delay what we look for. Signatures count to the second, a server
// that answers again is asked again, and nothing is concluded from other answers.
constexpr std::string_view monitor_settings = R"(server:
  verbosity: 0
  use-syslog: no
  aggressive-nsec: no
  val-sig-skew-min: 0
  val-sig-skew-max: 0
  outbound-msg-retry: 2
  infra-cache-max-rtt: 2500
  infra-host-ttl: 10
  infra-keep-probing: yes
  val-bogus-ttl: 5
  cache-max-negative-ttl: 5
  cache-max-ttl: 60
  qname-minimisation: no
  harden-below-nxdomain: no
  edns-buffer-size: 1232
  trust-anchor-signaling: no
  serve-expired: no
)";

std::string sentence(std::string_view option, std::string_view value, std::string_view problem) {
  std::string shown;
  for (const char c : value) shown += c >= ' ' && c <= '~' ? c : '?';
  return fmt::format("{} {}: {}", option, shown, problem);
}

// The operator wrote something that means nothing.
[[noreturn]] void fail(std::string_view option, std::string_view value, std::string_view problem) {
  throw BadOption(sentence(option, value, problem));
}

// The words are right, but this machine has no such file.
[[noreturn]] void fail_file(std::string_view option, std::string_view path, std::string_view problem) {
  throw std::runtime_error(sentence(option, path, problem));
}

struct Server {
  Address address;
  std::uint16_t port = dns_port;
  std::optional<std::string> tls_name;
};

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.empty() || text.size() > 5) return std::nullopt;
  unsigned port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  if (port == 0 || port > UINT16_MAX) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

// Cuts off what follows the first `mark`.
std::optional<std::string_view> cut(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

// "ADDR[@PORT][#TLSNAME]"
Server parse_server(std::string_view option, std::string_view value, std::string_view text, bool tls_allowed) {
  Server server;
  if (const auto name = cut(text, '#')) {
    if (!tls_allowed) fail(option, value, "a stub server is asked without TLS, so no #NAME may follow");
    const auto ascii = to_ascii_name(*name);
    if (!ascii) fail(option, value, "what follows # is not a host name");
    server.tls_name = *ascii;
    server.port = dns_over_tls_port;
  }
  if (const auto digits = cut(text, '@')) {
    const auto port = parse_port(*digits);
    if (!port) fail(option, value, "what follows @ is not a port from 1 to 65535");
    server.port = *port;
  }
  const bool bracketed =
      text.starts_with('[') && text.ends_with(']');  // as IPv6 addresses with ports are often written
  const auto address = parse_address(bracketed ? text.substr(1, text.size() - 2) : text);
  if (const auto colon = text.rfind(':'); !address && colon != std::string_view::npos) {
    const auto before = text.substr(0, colon);
    const bool in_brackets = before.starts_with('[') && before.ends_with(']');
    const auto meant = parse_address(in_brackets ? before.substr(1, before.size() - 2) : before);
    const auto port = parse_port(text.substr(colon + 1));
    if (meant && port) fail(option, value, fmt::format("a port stands behind @: {}@{}", to_string(*meant), *port));
  }
  if (!address) fail(option, value, "a server is named by its IPv4 or IPv6 address");
  server.address = *address;
  return server;
}

std::string in_unbound_form(const Server& server) {
  const auto tls = server.tls_name ? "#" + *server.tls_name : std::string();
  return fmt::format("{}@{}{}", to_string(server.address), server.port, tls);
}

std::string forward_zone(const ResolverOptions& options) {
  if (options.forwarders.empty()) return {};
  std::string text = "forward-zone:\n  name: \".\"\n";
  const bool tls = options.forwarders.front().find('#') != std::string::npos;
  for (const auto& value : options.forwarders) {
    const auto server = parse_server("--forwarder", value, value, true);
    if (server.tls_name.has_value() != tls) {
      fail("--forwarder", value, "either all forwarders are asked over TLS (#NAME) or none");
    }
    text += fmt::format("  forward-addr: \"{}\"\n", in_unbound_form(server));
  }
  if (tls) text += "  forward-tls-upstream: yes\nserver:\n  tls-system-cert: yes\n";
  return text;
}

std::string stub_zone(const std::string& value) {
  std::string_view zone = value;
  const auto address = cut(zone, '=');
  if (!address) fail("--stub", value, "this is not of the form ZONE=ADDR[@PORT]");
  const auto name = zone == "." ? std::string(".") : to_ascii_name(zone).value_or(std::string());
  if (name.empty()) fail("--stub", value, "what stands before = is not a domain name");
  const auto server = parse_server("--stub", value, *address, false);
  return fmt::format("stub-zone:\n  name: \"{}\"\n  stub-addr: \"{}\"\n", name, in_unbound_form(server));
}

bool names_a_server(const std::vector<wire::Record>& records) {
  const auto has = [&](auto accept) { return std::any_of(records.begin(), records.end(), accept); };
  return has([](const auto& record) { return record.type == RrType::ns && record.owner == "."; }) &&
         has([](const auto& record) { return record.type == RrType::a || record.type == RrType::aaaa; });
}

std::string root_hints(const std::string& path) {
  check_path("--root-hints", path);
  const auto text = read_text_file(path);
  if (!text) fail_file("--root-hints", path, text.error().message);
  const auto records = wire::read_zone(*text, ".");
  if (!records) fail_file("--root-hints", path, fmt::format("line {} is not a DNS record", records.error().position));
  if (!names_a_server(*records)) fail_file("--root-hints", path, "it names no root server with an address");
  return fmt::format("server:\n  root-hints: \"{}\"\n", std::filesystem::absolute(path).string());
}

// Each question in flight needs a descriptor of libunbound's own. There may be three of it in one process, and half of
// what we may have is left to the connections (belongs_to_libraries() in probe/openssl).
rlim_t outgoing_range(rlim_t wanted, rlim_t share = 8) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::min<rlim_t>(wanted, 512);
  return std::clamp<rlim_t>(limit.rlim_cur / share, std::min<rlim_t>(wanted, 4), wanted);
}

// libunbound copies its list of source ports, 250 kB, for every family it may ask in; forwarders tell which one it
// needs.
bool asks_in(const ResolverOptions& options, bool v6) {
  const bool allowed = v6 ? options.ipv6 : options.ipv4;
  const bool both = options.ipv4 && options.ipv6;
  if (!both || options.forwarders.empty() || !options.stubs.empty() || options.unbound_conf) return allowed;
  return std::ranges::any_of(options.forwarders, [&](const std::string& value) {
    return parse_server("--forwarder", value, value, true).address.v6 == v6;
  });
}

// libunbound allocates all of this when it starts: the large tables are 2.5 ms of CPU, half of what a handshake takes.
// A short run does not need all addresses of every name server either, nor local answers for private addresses' names.
std::string sizes(bool small) {
  if (!small)
    return fmt::format("  num-queries-per-thread: 4096\n  outgoing-num-tcp: {}\n  outgoing-range: {}\n",
                       outgoing_range(64, 16), outgoing_range(4096));
  return fmt::format(
      "  num-queries-per-thread: 128\n  outgoing-num-tcp: 4\n  outgoing-range: {}\n  msg-cache-slabs: 1\n"
      "  rrset-cache-slabs: 1\n  infra-cache-slabs: 1\n  key-cache-slabs: 1\n  target-fetch-policy: \"0 0 0 0 0\"\n"
      "  unblock-lan-zones: yes\n",
      outgoing_range(64));
}

// The addresses of a file of root hints, so many of each family.
std::vector<std::string> hinted_servers(const std::string& path, std::size_t most) {
  std::vector<std::string> found;
  const auto text = read_text_file(path);
  const auto records = wire::read_zone(text ? *text : std::string(), ".");
  if (!records) return found;
  for (const RrType type : {RrType::a, RrType::aaaa}) {
    std::size_t count = 0;
    for (const auto& record : *records) {
      if (record.type == type && ++count <= most)
        found.push_back(wire::read_rdata(type, record.owner, record.rdata).text);
    }
  }
  return found;
}

bool is_loopback(const Address& address) {
  if (!address.v6) return address.bytes[0] == 127;
  const std::array<std::uint8_t, 16> itself{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return address.bytes == itself;
}

const std::vector<Address>& loopbacks() {
  static const std::vector<Address> both{*parse_address("127.0.0.1"), *parse_address("::1")};
  return both;
}

// The addresses that the operator named; a file of his own is read for no more than whether it names this machine.
std::vector<Address> named_servers(const ResolverOptions& options) {
  std::vector<Address> named;
  for (const auto& value : options.forwarders) named.push_back(parse_server("--forwarder", value, value, true).address);
  for (const auto& value : options.stubs) {
    const auto at = value.find('=');
    if (at == std::string::npos) continue;  // stub_zone() says what is wrong with it
    named.push_back(parse_server("--stub", value, std::string_view(value).substr(at + 1), false).address);
  }
  if (!options.root_hints) return named;
  for (const auto& text : hinted_servers(*options.root_hints, SIZE_MAX)) {
    if (const auto address = parse_address(text)) named.push_back(*address);
  }
  return named;
}

bool conf_names_localhost(const ResolverOptions& options) {
  if (!options.unbound_conf) return false;
  const auto text = read_text_file(*options.unbound_conf);
  return text && (text->find("127.") != std::string::npos || text->find("::1") != std::string::npos);
}

// Whom libunbound must not ask, whatever a zone says: this machine, unless the operator named it; for names that
// strangers choose also everybody near, where no name server of the public DNS is, but for those the operator named.
std::string forbidden_servers(const ResolverOptions& options) {
  const std::vector<Address> named = named_servers(options);
  const bool localhost = std::ranges::any_of(named, is_loopback) || conf_names_localhost(options);
  std::string text = fmt::format("  do-not-query-localhost: {}\n", localhost ? "no" : "yes");
  if (!options.global_only) return text;
  for (const AddressBlock& block : near_blocks()) {
    const auto inside = [&](const Address& address) { return contains(block, address); };
    const bool ours = std::ranges::any_of(named, inside) || (localhost && std::ranges::any_of(loopbacks(), inside));
    if (!ours) text += fmt::format("  do-not-query-address: {}\n", to_string(block));
  }
  return text;
}

// a.root-servers.net and k.root-servers.net, as in libunbound's own list.
const std::vector<std::string> some_root_servers{"198.41.0.4", "193.0.14.129", "2001:503:ba3e::2:30", "2001:7fd::1"};

// The sentence without the option it begins with.
template <class Read>
std::optional<std::string> problem_of(std::string_view option, const Read& read) {
  try {
    read();
  } catch (const std::runtime_error& error) {
    const std::string_view text = error.what();
    return std::string(text.substr(text.starts_with(option) ? option.size() + 1 : 0));
  }
  return std::nullopt;
}

}  // namespace

std::vector<Upstream> upstreams(const ResolverOptions& options) {
  std::vector<Upstream> result;
  if (options.unbound_conf) return result;
  for (const auto& value : options.forwarders) {
    const auto server = parse_server("--forwarder", value, value, true);
    if (!server.tls_name) result.push_back({server.address, server.port});
  }
  if (!options.forwarders.empty()) return result;
  for (const auto& text : options.root_hints ? hinted_servers(*options.root_hints, 2) : some_root_servers) {
    if (const auto address = parse_address(text)) result.push_back({*address, dns_port});
  }
  return result;
}

std::optional<std::string> wrong_forwarder(const std::string& value) {
  constexpr std::string_view option = "--forwarder";
  return problem_of(option, [&] { parse_server(option, value, value, true); });
}

std::optional<std::string> wrong_stub(const std::string& value) {
  return problem_of("--stub", [&] { stub_zone(value); });
}

std::optional<std::string> wrong_file(const std::string& option, const std::string& path) {
  return problem_of(option, [&] {
    if (option == "--trust-anchor") {
      find_trust_anchor(path);
    } else if (option == "--root-hints") {
      root_hints(path);
    } else {
      check_path(option, path);
      const auto text = read_text_file(path);
      if (!text) fail_file(option, path, text.error().message);
    }
  });
}

void check_path(const std::string& option, const std::string& path) {
  const auto harmless = [](char c) { return c != '"' && static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; };
  if (path.empty() || !std::all_of(path.begin(), path.end(), harmless)) {
    fail(option, path, "a path must not be empty or contain quotes or control characters");
  }
}

std::string unbound_config(const ResolverOptions& options, const TrustAnchor& anchor) {
  std::string text(monitor_settings);
  text += sizes(options.small);
  text += forbidden_servers(options);
  text += fmt::format("  do-ip4: {}\n  do-ip6: {}\n", asks_in(options, false) ? "yes" : "no",
                      asks_in(options, true) ? "yes" : "no");
  if (options.at) text += fmt::format("  val-override-date: \"{}\"\n", options.at->time_since_epoch().count());
  for (const auto& record : anchor.records) text += fmt::format("  trust-anchor: \"{}\"\n", record);
  if (!options.validate) text += "  module-config: \"iterator\"\n";
  if (options.root_hints) text += root_hints(*options.root_hints);
  for (const auto& stub : options.stubs) text += stub_zone(stub);
  text += forward_zone(options);
  return text;
}

}  // namespace danewatch

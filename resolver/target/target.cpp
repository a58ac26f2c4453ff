#include "resolver/target/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

constexpr std::size_t longest_text = 300;  // characters
constexpr std::size_t longest_name = 253;

// Error of a part that begins at `offset` of the whole text.
tl::unexpected<ParseError> moved(ParseError error, std::size_t offset) {
  error.position += offset;
  return tl::unexpected(std::move(error));
}

// A piece of the operator's text in a message: only if it is short, plain ASCII.
std::string if_short(std::string_view text) {
  const auto plain = [](char c) { return c > ' ' && c < '\x7f'; };
  if (text.size() > 20 || !std::ranges::all_of(text, plain)) return "";
  return fmt::format(" \"{}\"", text);
}

std::optional<ParseError> text_error(std::string_view text) {
  if (text.empty()) return ParseError{"an empty target", 0};
  if (text.size() > 2 && text.starts_with('$') && text.ends_with('$')) {
    return ParseError{"a macro that was not replaced", 0};
  }
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  if (std::ranges::count_if(text, begins_character) > static_cast<std::ptrdiff_t>(longest_text)) {
    return ParseError{fmt::format("over {} characters", longest_text), 0};
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < ' ' || c == 0x7f) return ParseError{"a control character", i};
    if (c == ' ') return ParseError{"a target must not contain a blank", i};
  }
  return std::nullopt;
}

// What it is and what to write instead, only if that is short, plain ASCII and a name.
std::string write_instead(std::string_view what, std::string_view before, std::string_view name) {
  const bool fits = name.size() <= longest_name && to_ascii_name(name).has_value();
  const bool plain = std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
  return fits && plain ? fmt::format("{}; write {}{}", what, before, name) : std::string(what);
}

// "user@example.org", "mailto:user@example.org": the mail domain is behind the @.
std::optional<ParseError> mail_address_error(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || text.find("://") != std::string_view::npos) return std::nullopt;
  return ParseError{write_instead("this is an e-mail address", "", text.substr(at + 1)), at};
}

// "smtp:mx.example.org" and "mx.example.org:smtp".
std::optional<ParseError> service_error(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) return std::nullopt;
  const std::string_view left = text.substr(0, colon), right = text.substr(colon + 1);
  const Service* before = find_service(left);
  const Service* behind = find_service(right);
  if (behind != nullptr && !left.empty()) {
    const std::string what = fmt::format("the port{} is not a number", if_short(right));
    return ParseError{write_instead(what, fmt::format("{}://", behind->name), left), colon + 1};
  }
  const bool is_name = right.find_first_not_of("0123456789,") != std::string_view::npos;
  if (before == nullptr || !is_name) return std::nullopt;
  return ParseError{write_instead("a scheme is followed by ://", fmt::format("{}://", before->name), right), colon};
}

Parsed<std::uint16_t> parse_port(std::string_view text) {
  if (text.empty()) return error_at(0, "a port is missing");
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return error_at(0, fmt::format("the port{} is not a number", if_short(text)));
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) {
    return error_at(0, fmt::format("the port{} is not between 1 and 65535", if_short(text)));
  }
  return static_cast<std::uint16_t>(port);
}

struct Ports {
  std::vector<std::uint16_t> values;  // as written, without repetitions
};

Parsed<Ports> parse_ports(std::string_view text) {
  Ports ports;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const auto port = parse_port(text.substr(start, end - start));
    if (!port) return moved(port.error(), start);
    if (std::ranges::find(ports.values, *port) == ports.values.end()) ports.values.push_back(*port);
    start = end + 1;
  }
  return ports;
}

// "name", "name:PORTS", "[v6]", "[v6]:PORTS", "v4", "v4:PORTS", still as text.
struct HostPort {
  std::string_view host;     // brackets removed
  std::string_view written;  // with them
  bool bracketed = false;
  std::optional<std::string_view> ports;  // after the colon
  std::size_t ports_at = 0;
};

Parsed<HostPort> split_bracketed(std::string_view text) {
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return error_at(0, "a '[' without its ']'");
  HostPort parts;
  parts.bracketed = true;
  parts.host = text.substr(1, close - 1);
  parts.written = text.substr(0, close + 1);
  if (close + 1 == text.size()) return parts;
  if (text[close + 1] != ':') return error_at(close + 1, "only \":PORT\" may follow an address in brackets");
  parts.ports = text.substr(close + 2);
  parts.ports_at = close + 2;
  return parts;
}

Parsed<HostPort> split_host_port(std::string_view text) {
  if (text.starts_with('[')) return split_bracketed(text);
  HostPort parts;
  if (std::ranges::count(text, ':') > 1) {
    const auto address = parse_address(text);
    const std::string example = address ? to_bracketed(*address) : "[2001:db8::1]:25";
    return error_at(0, fmt::format("an IPv6 address is written in brackets, as in {}", example));
  }
  const std::size_t colon = std::min(text.find(':'), text.size());
  parts.host = parts.written = text.substr(0, colon);
  if (colon < text.size()) {
    parts.ports = text.substr(colon + 1);
    parts.ports_at = colon + 1;
  }
  if (parts.host.empty()) return error_at(0, "the name before the port is missing");
  return parts;
}

Parsed<std::optional<Address>> literal_address(const HostPort& parts) {
  const auto address = parse_address(parts.host);
  if (parts.bracketed && !address) return error_at(1, "no IP address within the brackets");
  if (!address) return std::nullopt;
  return *address;
}

// A TLSA owner that does not fit into a DNS name can hold no record (RFC 1035 2.3.4, rows.md A-35).
std::optional<ParseError> owner_error(std::string_view name, std::uint16_t port) {
  const std::size_t octets = fmt::formatted_size("_{}._tcp.{}", port, name);
  if (octets <= longest_name) return std::nullopt;
  return ParseError{
      fmt::format("the TLSA owner _{}._tcp.NAME would have {} bytes, {} are allowed", port, octets, longest_name), 0};
}

Parsed<Target> named_target(std::string_view name, TargetKind kind, const Service& service, std::uint16_t port) {
  auto ascii = to_ascii_name(name);
  if (!ascii) return tl::unexpected(std::move(ascii.error()));
  if (kind == TargetKind::host) {
    if (auto error = owner_error(*ascii, port)) return tl::unexpected(std::move(*error));
  }
  Target target;
  target.kind = kind;
  target.name = std::move(*ascii);
  target.unicode = to_unicode_name(target.name);
  target.service = &service;
  target.port = port;
  return target;
}

// A host or an address at one port.
Parsed<Target> endpoint_target(const HostPort& parts, const Service& service, std::uint16_t port,
                               const TargetOptions& options) {
  const auto literal = literal_address(parts);
  if (!literal) return tl::unexpected(literal.error());
  const std::optional<Address>& address = *literal;
  if (!address) return named_target(parts.host, TargetKind::host, service, port);
  Target target;
  if (options.name) {
    auto named = named_target(*options.name, TargetKind::host, service, port);
    if (!named) return named;
    target = std::move(*named);
  } else {
    target.kind = TargetKind::address_literal;
    target.service = &service;
    target.port = port;
  }
  target.address = address;
  return target;
}

// "_imaps._tcp.example.org". A label without a row of its own means TLS from the first byte.
Parsed<Target> srv_target(std::string_view text) {
  const auto wrong = [] { return error_at(0, "an SRV name is written _SERVICE._tcp.DOMAIN"); };
  const std::size_t written_dot = text.find('.');
  if (written_dot == std::string_view::npos || written_dot == 1) return wrong();
  auto owner = to_ascii_name(text);
  if (!owner) return tl::unexpected(std::move(owner.error()));
  const std::size_t dot = owner->find('.');  // the A-label form may be longer or shorter than what was written
  if (dot == std::string::npos || dot < 2 || !owner->substr(dot).starts_with("._tcp.")) return wrong();
  const std::string label = owner->substr(1, dot - 1);
  const std::size_t domain_at = dot + std::string_view("._tcp.").size();
  if (std::ranges::all_of(label, [](char c) { return c >= '0' && c <= '9'; })) {
    const std::string target = fmt::format("{}:{}", owner->substr(domain_at), label);
    return error_at(0, target.size() > 60 ? "that is the owner of a TLSA record; write NAME:PORT"
                                          : "that is the owner of a TLSA record; write " + target);
  }
  const Service* row = find_service(label);
  const Service& service = row != nullptr ? *row : *find_service("tls");
  auto target = named_target(owner->substr(domain_at), TargetKind::srv, service, service.port);
  if (target) target->srv_owner = std::move(*owner);
  return target;
}

struct Url {
  std::string scheme;  // lower case (RFC 3986 3.1)
  std::string_view authority;
  std::size_t authority_at = 0;
};

Parsed<Url> split_url(std::string_view text, std::size_t colon) {
  Url url;
  url.scheme = lower(text.substr(0, colon));
  url.authority_at = colon + 3;
  const std::string_view rest = text.substr(url.authority_at);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  url.authority = rest.substr(0, end);
  const std::string_view path = rest.substr(end);
  if (const auto at = url.authority.find('@'); at != std::string_view::npos) {
    return error_at(url.authority_at + at, "a target must not contain a user name");
  }
  if (const auto mark = path.find_first_of("?#"); mark != std::string_view::npos) {
    const char* what = path[mark] == '?' ? "a target must not contain a query" : "a target must not contain a fragment";
    return error_at(url.authority_at + end + mark, what);
  }
  // People paste web addresses; the path says nothing about TLS. Elsewhere it is a mistake.
  if (path.size() > 1 && url.scheme != "https") {
    return error_at(url.authority_at + end, "a target must not contain a path");
  }
  return url;
}

Parsed<std::uint16_t> url_port(const HostPort& parts, const Service& service) {
  if (!parts.ports) {
    if (service.port != 0) return service.port;
    return error_at(0, fmt::format("{}:// needs a port", service.name));
  }
  auto port = parse_port(*parts.ports);
  if (!port) return moved(port.error(), parts.ports_at);
  return port;
}

// RFC 6120 3.2: an XMPP domain is found through SRV; a port in the target says where it is.
Parsed<Target> srv_then_host_target(const HostPort& parts, const Service& service) {
  auto target = named_target(parts.host, TargetKind::srv_then_host, service, service.port);
  if (!target) return target;
  target->srv_owner = fmt::format("_{}._tcp.{}", service.name, target->name);
  if (target->srv_owner.size() > longest_name) return error_at(0, "the SRV name would be over 253 bytes");
  return target;
}

std::string unknown_scheme(std::string_view scheme) {
  static constexpr std::pair<std::string_view, std::string_view> meant[] = {
      {"http", "https"}, {"smtps", "submissions"}, {"pop", "pop3"}, {"mail", "smtp"}, {"ssl", "tls"}};
  const std::string text = fmt::format("the scheme{} is not known", if_short(scheme));
  for (const auto& [word, ours] : meant) {
    if (word == scheme) return fmt::format("{}; write {}://", text, ours);
  }
  return text;
}

Parsed<Target> url_target(std::string_view text, std::size_t colon, const TargetOptions& options) {
  const auto url = split_url(text, colon);
  if (!url) return tl::unexpected(url.error());
  const Service* service = find_service(url->scheme);
  if (service == nullptr) return error_at(0, unknown_scheme(url->scheme));
  const auto parts = split_host_port(url->authority);
  if (!parts) return moved(parts.error(), url->authority_at);
  const auto literal = literal_address(*parts);
  if (!literal) return moved(literal.error(), url->authority_at);
  const auto port = url_port(*parts, *service);
  if (!port) return moved(port.error(), url->authority_at);
  const bool by_srv = service->discovery == Discovery::srv_then_host && !*literal && !parts->ports;
  auto target = by_srv ? srv_then_host_target(*parts, *service) : endpoint_target(*parts, *service, *port, options);
  if (!target) return moved(target.error(), url->authority_at);
  return target;
}

Parsed<std::vector<Target>> one(Parsed<Target> target, std::string_view text) {
  if (!target) return tl::unexpected(std::move(target.error()));
  target->text = text;
  return std::vector<Target>{std::move(*target)};
}

Parsed<std::vector<Target>> per_port(const HostPort& parts, std::string_view port_list, const TargetOptions& options) {
  const auto ports = parse_ports(port_list);
  if (!ports) return moved(ports.error(), parts.ports_at);
  std::vector<Target> targets;
  for (const std::uint16_t port : ports->values) {
    auto target = endpoint_target(parts, service_for_port(port), port, options);
    if (!target) return tl::unexpected(std::move(target.error()));
    target->text = fmt::format("{}:{}", parts.written, port);
    targets.push_back(std::move(*target));
  }
  return targets;
}

Parsed<std::vector<Target>> plain_targets(std::string_view text, const TargetOptions& options) {
  const auto parts = split_host_port(text);
  if (!parts) return tl::unexpected(parts.error());
  if (text.starts_with('_')) {
    if (parts->ports) return error_at(parts->ports_at, "an SRV name takes no port: its record holds it");
    return one(srv_target(text), text);
  }
  const std::optional<std::string_view>& ports = parts->ports;
  if (ports) return per_port(*parts, *ports, options);
  const auto literal = literal_address(*parts);
  if (!literal) return tl::unexpected(literal.error());
  if (*literal) return one(endpoint_target(*parts, smtp_service(), smtp_service().port, options), text);
  return one(named_target(text, TargetKind::mail_domain, smtp_service(), smtp_service().port), text);
}

}  // namespace

Parsed<std::vector<Target>> parse_targets(std::string_view text, const TargetOptions& options) {
  if (auto error = text_error(text)) return tl::unexpected(std::move(*error));
  if (auto error = mail_address_error(text)) return tl::unexpected(std::move(*error));
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) {
    if (auto error = service_error(text)) return tl::unexpected(std::move(*error));
  }
  auto targets = scheme_end == std::string_view::npos ? plain_targets(text, options)
                                                      : one(url_target(text, scheme_end, options), text);
  if (!targets) return targets;
  for (Target& target : *targets) {
    if (options.name && !target.address) return error_at(0, "a name can be given to an address only");
    if (options.address && target.address) return error_at(0, "is an address already, so no other can stand for it");
    if (options.address) target.address = options.address;
  }
  return targets;
}

}  // namespace danewatch

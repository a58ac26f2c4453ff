#include "exporters/http/external_url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "resolver/dns/address.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

using Error = tl::unexpected<ParseError>;

constexpr auto wanted = "is not a URL such as https://mon.example.org/danewatch/ or a path such as /danewatch";

Error error_at(std::size_t position, std::string message = wanted) {
  return Error(ParseError{std::move(message), position});
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Those of RFC 3986 3.3 that stand for themselves everywhere.
bool is_path_character(char c) {
  return is_alphanumeric(c) || std::string_view("-._~/").find(c) != std::string_view::npos;
}

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    const auto address = parse_address(host.substr(1, host.size() - 2));
    return address && host.find(':') != std::string_view::npos;
  }
  const bool plain = std::ranges::all_of(host, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
  return plain && !host.empty() && host.front() != '.' && host.front() != '-';
}

std::optional<unsigned> port_of(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && port > 0 && port <= 65535 ? std::optional(port) : std::nullopt;
}

// As browsers write an origin: in lower case, without the scheme's own port (RFC 6454 6.1).
Parsed<std::string> origin_of(std::string_view scheme, std::string_view authority, std::size_t at) {
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  if (!is_host(host)) return error_at(at);
  std::string origin = lower(scheme) + "://" + lower(host);
  if (colon == std::string_view::npos) return origin;
  const auto port = port_of(authority.substr(colon + 1));
  if (!port) return error_at(at + colon + 1, "the port is not a number from 1 to 65535");
  const unsigned usual = origin.starts_with("https") ? 443 : 80;
  if (*port != usual) origin += ":" + std::to_string(*port);
  return origin;
}

Parsed<std::string> path_of(std::string_view path, std::size_t at) {
  const auto odd = std::ranges::find_if_not(path, is_path_character);
  if (odd != path.end()) {
    const auto position = at + static_cast<std::size_t>(odd - path.begin());
    return error_at(position, "the path may hold letters, digits and - . _ ~ only");
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::string closed = std::string(path) + "/";
  for (const std::string_view hop : {"//", "/./", "/../"}) {
    if (const auto found = closed.find(hop); found != std::string::npos) return error_at(at + found);
  }
  return std::string(path);
}

}  // namespace

Parsed<ExternalUrl> parse_external_url(std::string_view text) {
  ExternalUrl url;
  std::size_t at = 0;
  if (const auto mark = text.find("://"); mark != std::string_view::npos) {
    const std::string scheme = lower(text.substr(0, mark));
    if (scheme != "http" && scheme != "https") return error_at(0);
    const std::size_t begin = mark + 3;
    at = std::min(text.find_first_of("/?#", begin), text.size());
    auto origin = origin_of(scheme, text.substr(begin, at - begin), begin);
    if (!origin) return tl::unexpected(origin.error());
    url.origin = std::move(*origin);
  } else if (!text.starts_with('/')) {
    return error_at(0);
  }
  auto path = path_of(text.substr(at), at);
  if (!path) return tl::unexpected(path.error());
  url.path = std::move(*path);
  return url;
}

std::string path_below(const ExternalUrl& url, std::string_view path) {
  if (!url.path.empty() && path.starts_with(url.path)) {
    const std::string_view rest = path.substr(url.path.size());
    if (rest.empty() || rest.front() == '/') return std::string(rest);
  }
  return std::string(path);
}

}  // namespace danewatch

// Reading a listen address.

#include <charconv>

#include "exporters/http/server.hpp"
#include "resolver/dns/address.hpp"

namespace danewatch {
namespace {

Parsed<std::uint16_t> parse_port(std::string_view text, std::size_t position) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  if (!whole || value > 65535) return tl::unexpected(ParseError{"the port must be 0 to 65535", position});
  return static_cast<std::uint16_t>(value);
}

}  // namespace

Parsed<ListenAddress> parse_listen_address(std::string_view text) {
  constexpr std::string_view unix_scheme = "unix:";
  constexpr std::size_t longest_path = 107;  // of sockaddr_un, without the final zero
  ListenAddress result;
  if (text.starts_with(unix_scheme)) {
    result.path = text.substr(unix_scheme.size());
    if (!result.path.starts_with('/') || result.path.size() > longest_path) {
      return tl::unexpected(ParseError{"unix: needs an absolute path of at most 107 bytes", unix_scheme.size()});
    }
    return result;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return tl::unexpected(ParseError{"must be ADDRESS:PORT or unix:/PATH", 0});
  const auto port = parse_port(text.substr(colon + 1), colon + 1);
  if (!port) return tl::unexpected(port.error());
  result.port = *port;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return tl::unexpected(ParseError{"an IPv6 address needs brackets: [::1]:19115", 0});
  }
  if (host == "localhost") host = "127.0.0.1";
  if (!host.empty() && !parse_address(host)) return tl::unexpected(ParseError{"must be an address, not a name", 0});
  result.host = host;
  return result;
}

}  // namespace danewatch

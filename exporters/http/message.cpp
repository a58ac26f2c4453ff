#include "exporters/http/message.hpp"

#include <algorithm>

#include "resolver/dns/address.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Parsed<std::string> decoded(std::string_view text, bool plus_is_blank) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return tl::unexpected(ParseError{"% without two hex digits", i});
      result += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      result += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (result.find('\0') != std::string::npos) return tl::unexpected(ParseError{"a zero byte", 0});
  return result;
}

Parsed<std::pair<std::string, std::string>> parse_parameter(std::string_view text) {
  const auto equals = text.find('=');
  auto name = decoded(text.substr(0, equals), true);
  if (!name) return tl::unexpected(name.error());
  if (equals == std::string_view::npos) return std::pair{*name, std::string{}};
  auto value = decoded(text.substr(equals + 1), true);
  if (!value) return tl::unexpected(value.error());
  return std::pair{*name, *value};
}

// "http://host/path" is a path too (RFC 9112 3.2.2).
std::string_view without_authority(std::string_view text) {
  const auto scheme = text.find("://");
  if (text.starts_with('/') || scheme == std::string_view::npos) return text;
  const auto path = text.find('/', scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : text.substr(path);
}

}  // namespace

Parsed<RequestTarget> parse_request_target(std::string_view text) {
  constexpr std::size_t most_parameters = 32;
  text = without_authority(text);
  text = text.substr(0, text.find('#'));
  if (!text.starts_with('/')) return tl::unexpected(ParseError{"does not begin with /", 0});
  const auto question = text.find('?');
  auto path = decoded(text.substr(0, question), false);
  if (!path) return tl::unexpected(path.error());
  RequestTarget result{std::move(*path), {}};
  std::string_view rest = question == std::string_view::npos ? std::string_view{} : text.substr(question + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    auto pair = parse_parameter(rest.substr(0, end));
    if (!pair) return tl::unexpected(pair.error());
    if (result.query.size() == most_parameters) return tl::unexpected(ParseError{"too many parameters", 0});
    result.query.push_back(std::move(*pair));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return result;
}

std::optional<std::string> parameter(const HttpRequest& request, std::string_view name) {
  const auto found = std::ranges::find(request.query, name, &std::pair<std::string, std::string>::first);
  if (found == request.query.end()) return std::nullopt;
  return found->second;
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  const auto mark = origin.find("://");
  if (mark == std::string_view::npos) return false;
  const std::string scheme = lower(origin.substr(0, mark));
  if ((scheme != "http" && scheme != "https") || lower(origin.substr(mark + 3)) != lower(host)) return false;
  const bool bracketed = host.starts_with('[');
  const auto end = bracketed ? host.find(']') : host.find(':');
  const std::string_view name = host.substr(bracketed ? 1 : 0, bracketed && end != host.npos ? end - 1 : end);
  return lower(name) == "localhost" || parse_address(name).has_value();
}

std::optional<HttpReply> framing_refusal(const Framing& framing) {
  const auto refused = [](int status, std::string why) { return text_reply(status, std::move(why), "malformed"); };
  if (framing.authorizations > 1) return refused(400, "a request needs one Authorization\n");
  if (framing.encodings.empty()) return std::nullopt;
  if (framing.version < 11) return refused(400, "HTTP/1.0 has no Transfer-Encoding\n");
  const bool chunked = framing.encodings.size() == 1 && lower(framing.encodings.front()) == "chunked";
  return chunked ? std::nullopt : std::optional(refused(501, "this Transfer-Encoding is not implemented\n"));
}

HttpReply text_reply(int status, std::string text, std::string route) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(text);
  reply.route = std::move(route);
  return reply;
}

}  // namespace danewatch

#include "exporters/http/message.hpp"

#include <algorithm>

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
  if (result.find('\0') != std::string::npos) return tl::unexpected(ParseError{"a zero octet", 0});
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

HttpReply text_reply(int status, std::string text, std::string route) {
  HttpReply reply;
  reply.status = status;
  reply.body = std::move(text);
  reply.route = std::move(route);
  return reply;
}

}  // namespace danewatch

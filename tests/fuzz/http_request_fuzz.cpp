// What an HTTP client sends: request targets and the headers that are looked into; and listen addresses.
#include "cli/serve/deadline.hpp"
#include "exporters/http/gzip.hpp"
#include "exporters/http/message.hpp"
#include "exporters/http/passwords.hpp"
#include "exporters/http/server.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

static std::string encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    result += {'%', digits[octet / 16U], digits[octet % 16U]};
  }
  return result;
}

static void require_sound_target(const RequestTarget& target) {
  fuzz::require(target.path.starts_with('/'), "a path begins with a slash");
  fuzz::require(target.path.find('\0') == std::string::npos, "a path has no zero octet");
  fuzz::require(target.query.size() <= 32, "parameters are bounded");
  std::string again = "/" + encoded(target.path.substr(1));
  char separator = '?';
  for (const auto& [name, value] : target.query) {
    again += separator + encoded(name) + '=' + encoded(value);
    separator = '&';
  }
  fuzz::require(parse_request_target(again) == target, "encoded again it means the same");
}

FUZZ(input) {
  constexpr std::chrono::milliseconds module_timeout{30000};
  const std::string_view text = fuzz::as_text(input);
  const auto target = parse_request_target(text);
  if (target) require_sound_target(*target);
  const auto time = probe_time(text, module_timeout);
  fuzz::require(time.count() >= 1 && time <= module_timeout, "a probe has some time, and not more than its module");
  static_cast<void>(accepts_gzip(text));
  const auto credentials = parse_basic(text);
  if (credentials) fuzz::require(credentials->user.find(':') == std::string::npos, "a user's name ends at the colon");
  static_cast<void>(is_bcrypt_hash(text));
  const auto address = parse_listen_address(text);
  if (!address) return fuzz::require_sound(address.error(), input.size());
  fuzz::require(address->path.empty() || address->host.empty(), "a path has no host");
}

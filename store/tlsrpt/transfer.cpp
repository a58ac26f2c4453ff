#include "store/tlsrpt/transfer.hpp"

#include <cstdint>

#include "resolver/dns/name.hpp"

namespace danewatch::tlsrpt {
namespace {

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The octet of two hex digits at `at`, or -1.
int hex_pair(std::string_view text, std::size_t at) {
  if (at + 2 > text.size()) return -1;
  const int high = hex_value(text[at]);
  const int low = hex_value(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// A line of quoted-printable, without its end; false: its end is soft, so the next line goes on.
bool add_quoted_printable_line(std::string_view line, std::string& result) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
  const bool soft = line.ends_with('=');
  if (soft) line.remove_suffix(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const int octet = line[i] == '=' ? hex_pair(line, i + 1) : -1;
    result += octet < 0 ? line[i] : static_cast<char>(octet);
    if (octet >= 0) i += 2;
  }
  return !soft;
}

}  // namespace

std::string decode_base64(std::string_view text) {
  std::string result;
  result.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    if (c == '=') {  // what is padded ends here; a second one may follow
      held = 0;
      continue;
    }
    const int value = base64_value(c);
    if (value < 0) continue;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    result += static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xffU);
  }
  return result;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const bool ended = add_quoted_printable_line(line, result);
    if (end == std::string_view::npos) break;
    if (ended) result += line.ends_with('\r') ? "\r\n" : "\n";
    text.remove_prefix(end + 1);
  }
  return result;
}

std::string decode_transfer(std::string_view encoding, std::string_view text) {
  if (equal_ignoring_case(encoding, "base64")) return decode_base64(text);
  if (equal_ignoring_case(encoding, "quoted-printable")) return decode_quoted_printable(text);
  return std::string(text);
}

std::string decode_percent(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int octet = text[i] == '%' ? hex_pair(text, i + 1) : -1;
    result += octet < 0 ? text[i] : static_cast<char>(octet);
    if (octet >= 0) i += 2;
  }
  return result;
}

}  // namespace danewatch::tlsrpt

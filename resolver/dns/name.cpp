// Domain names as operators write them, and their A-label form.
#include <fmt/format.h>
#include <idn2.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

constexpr std::size_t longest_name = 253;  // 255 octets on the wire (RFC 1035 2.3.4)
constexpr std::size_t longest_label = 63;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::optional<ParseError> label_error(std::string_view label, std::size_t position) {
  if (label.empty()) return ParseError{"an empty label", position};
  if (label.size() > longest_label) {
    return ParseError{fmt::format("a label of {} bytes, {} are allowed", label.size(), longest_label), position};
  }
  for (std::size_t i = 0; i < label.size(); ++i) {
    const char c = label[i];
    if (is_alnum(c) || c == '-' || c == '_') continue;
    if (c > ' ' && c < '\x7f') return ParseError{fmt::format("a name must not contain '{}'", c), position + i};
    return ParseError{c == ' ' ? "a name must not contain a blank" : "a control character", position + i};
  }
  // RFC 1123 2.1; a leading "-" would also pass for an option on somebody's command line.
  if (label.front() == '-' || label.back() == '-') {
    return ParseError{"a label that begins or ends with '-'", position};
  }
  return std::nullopt;
}

// A number as last label is a mistyped IPv4 address: no top-level domain is all digits (RFC 3696 2).
bool ends_in_number(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

Parsed<std::string> check_ascii(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty()) return error_at(0, "an empty name");
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    if (auto error = label_error(name.substr(start, end - start), start)) return tl::unexpected(std::move(*error));
    start = end + 1;
  }
  if (name.size() > longest_name) {
    return error_at(longest_name, fmt::format("a name of {} bytes, {} are allowed", name.size(), longest_name));
  }
  if (ends_in_number(name)) return error_at(name.rfind('.') + 1, "a name whose last label is a number");
  return lower(name);
}

struct Idn2Free {
  void operator()(void* text) const { idn2_free(text); }
};

using Idn2Bytes = std::unique_ptr<std::uint8_t, Idn2Free>;
using Idn2Text = std::unique_ptr<char, Idn2Free>;

bool is_control(unsigned char first, unsigned char second) {
  return first < 0x20 || first == 0x7f || (first == 0xc2 && second < 0xa0);  // U+0080 to U+009F in UTF-8
}

// A-labels that somebody typed. Names that IDNA 2008 forbids, such as those with emoji, are registered and do work;
// what does not decode, or decodes to control characters, is a slip.
bool decodes(const std::string& ascii) {
  if (ascii.find("xn--") == std::string::npos) return true;
  char* raw = nullptr;
  const int code = idn2_to_unicode_8z8z(ascii.c_str(), &raw, IDN2_NONTRANSITIONAL);
  const Idn2Text decoded(raw);
  if (code != IDN2_OK) return false;
  const std::string_view text(decoded.get());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (is_control(static_cast<unsigned char>(text[i]), next)) return false;
  }
  return true;
}

std::string_view idn_problem(int code) {
  switch (code) {
    case IDN2_ENCODING_ERROR:
    case IDN2_ICONV_FAIL:
      return "not UTF-8";
    case IDN2_TOO_BIG_DOMAIN:
      return "the name is too long in its ASCII form";
    case IDN2_TOO_BIG_LABEL:
    case IDN2_PUNYCODE_BIG_OUTPUT:
      return "a label is too long in its ASCII form";
    case IDN2_DISALLOWED:
    case IDN2_UNASSIGNED:
      return "a character that IDNA 2008 does not allow, such as an emoji";
    case IDN2_BIDI:
      return "letters of both writing directions in a way that IDNA 2008 does not allow";
    default:
      return "not a name that IDNA 2008 allows";
  }
}

}  // namespace

namespace {

char lower_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower_letter);
  return result;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower_letter, lower_letter);
}

Parsed<std::string> to_ascii_name(std::string_view name) {
  if (is_ascii(name)) {
    auto checked = check_ascii(name);
    if (checked && !decodes(*checked)) return error_at(0, "an xn-- label that is not the Punycode of a name");
    return checked;
  }
  if (name.find('\0') != std::string_view::npos) return error_at(name.find('\0'), "a control character");
  const std::string copy(name);  // libidn2 wants a terminated string
  std::uint8_t* raw = nullptr;
  const int code =
      idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(copy.c_str()), &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const Idn2Bytes ascii(raw);
  if (code != IDN2_OK) return error_at(0, std::string(idn_problem(code)));
  // Compatibility mapping may have produced a full stop, a slash or a blank: look again.
  auto checked = check_ascii(reinterpret_cast<const char*>(ascii.get()));
  if (!checked) checked.error().position = 0;  // it pointed into the A-label form
  return checked;
}

std::string to_unicode_name(std::string_view ascii) {
  const std::string name(ascii);
  if (name.find("xn--") == std::string::npos || !check_ascii(name)) return name;
  char* raw = nullptr;
  const int code = idn2_to_unicode_8z8z(name.c_str(), &raw, IDN2_NONTRANSITIONAL);
  const Idn2Text decoded(raw);
  if (code != IDN2_OK) return name;
  // Only what would have been accepted on the way in: no control characters, nothing unassigned.
  const auto back = to_ascii_name(decoded.get());
  return back && *back == lower(name) ? decoded.get() : name;
}

bool is_below(std::string_view name, std::string_view zone) {
  if (zone == ".") return name != ".";
  return name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.';
}

bool is_at_or_below(std::string_view name, std::string_view zone) {
  return name == zone || is_below(name, zone);
}

std::string parent_of(std::string_view name) {
  const auto dot = name.find('.');
  const bool is_last = dot == std::string_view::npos || dot + 1 == name.size();
  return std::string(is_last ? "." : name.substr(dot + 1));
}

std::string idn_version() {
  return ::idn2_check_version(nullptr);
}

}  // namespace danewatch

#include "exporters/words/escape.hpp"

#include <fmt/format.h>
#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace danewatch {
namespace {

// One step through a byte string: a code point, or a single octet that starts no valid sequence.
struct Decoded {
  char32_t point = 0;
  std::size_t length = 1;
  bool valid = false;
};

std::size_t sequence_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

// Over-long forms, surrogates and points past the last plane are no UTF-8 (RFC 3629 3).
bool is_scalar(char32_t point, std::size_t length) {
  static constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  return point >= smallest[length] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

Decoded decode(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t index) { return static_cast<std::uint8_t>(text[index]); };
  const std::size_t length = sequence_length(octet(at));
  if (length == 1) return {octet(at), 1, true};
  if (length == 0 || at + length > text.size()) return {octet(at), 1, false};
  char32_t point = octet(at) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(at + i) & 0xc0U) != 0x80U) return {octet(at), 1, false};
    point = (point << 6U) | (octet(at + i) & 0x3fU);
  }
  if (!is_scalar(point, length)) return {octet(at), 1, false};
  return {point, length, true};
}

struct Range {
  char32_t first, last;
};

// What moves the cursor, turns the writing direction, breaks the line or cannot be seen. The two joiners
// U+200C and U+200D are left alone: internationalized names need them.
constexpr std::array unsafe{Range{0x00, 0x1f},     Range{0x7f, 0x9f},     Range{0xad, 0xad},
                            Range{0x61c, 0x61c},   Range{0x180e, 0x180e}, Range{0x200b, 0x200b},
                            Range{0x200e, 0x200f}, Range{0x2028, 0x202e}, Range{0x2060, 0x206f},
                            Range{0xfeff, 0xfeff}, Range{0xfff9, 0xfffb}, Range{0xe0000, 0xe007f}};

bool is_unsafe(char32_t point) {
  return std::ranges::any_of(unsafe, [&](const Range& r) { return point >= r.first && point <= r.last; });
}

template <class Visit>
void for_each_point(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded step = decode(text, at);
    visit(step, text.substr(at, step.length));
    at += step.length;
  }
}

// glibc knows the width of a character in a UTF-8 locale only, and the process may run in "C".
class Utf8Locale {
 public:
  Utf8Locale() : previous_(locale() == nullptr ? nullptr : uselocale(locale())) {}
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() {
    if (previous_ != nullptr) uselocale(previous_);
  }

 private:
  static locale_t locale() {
    static const locale_t instance = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return instance;
  }
  locale_t previous_;
};

}  // namespace

std::string escape_for_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_point(text, [&](const Decoded& step, std::string_view octets) {
    if (step.valid && !is_unsafe(step.point)) {
      out += octets;
    } else if (octets.size() == 1) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned>(step.point));
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{{{:04x}}}", static_cast<std::uint32_t>(step.point));
    }
  });
  return out;
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_point(text, [&](const Decoded& step, std::string_view octets) {
    out += step.valid ? octets : std::string_view{"\xef\xbf\xbd"};
  });
  return out;
}

std::size_t display_width(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; })) return text.size();
  const Utf8Locale utf8;
  std::size_t width = 0;
  for_each_point(text, [&](const Decoded& step, std::string_view) {
    const int columns = step.valid ? wcwidth(static_cast<wchar_t>(step.point)) : 1;
    width += columns < 0 ? 1 : static_cast<std::size_t>(columns);  // unknown to libc: a terminal shows one box
  });
  return width;
}

}  // namespace danewatch

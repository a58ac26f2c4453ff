#include "store/bundle/base64.hpp"

#include <algorithm>

namespace danewatch::bundle {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::uint32_t> value_of(char letter) {
  const auto at = alphabet.find(letter);
  return at == std::string_view::npos ? std::nullopt : std::optional(static_cast<std::uint32_t>(at));
}

// How many octets follow the first of a sequence, and the least code point so long a sequence may hold.
struct Sequence {
  std::size_t rest = 0;
  std::uint32_t point = 0;
  std::uint32_t least = 0;
};

std::optional<Sequence> sequence_of(std::uint8_t first) {
  if (first < 0x80) return Sequence{0, first, 0};
  if (first >= 0xC2 && first < 0xE0) return Sequence{1, first & 0x1FU, 0x80};
  if (first >= 0xE0 && first < 0xF0) return Sequence{2, first & 0x0FU, 0x800};
  if (first >= 0xF0 && first < 0xF5) return Sequence{3, first & 0x07U, 0x10000};
  return std::nullopt;
}

}  // namespace

std::string to_base64(std::span<const std::uint8_t> octets) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < octets.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(octets.size() - at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < count ? octets[at + i] : 0U);
    for (std::size_t i = 0; i < 4; ++i) {
      text += i <= count ? alphabet[bits >> (18 - 6 * i) & 0x3FU] : '=';
    }
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::vector<std::uint8_t> octets;
  octets.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const bool last = at + 4 == text.size();
    const std::size_t padding = !last ? 0 : text.substr(at).ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto value = i < 4 - padding ? value_of(text[at + i]) : std::optional(0U);
      if (!value) return std::nullopt;
      bits = bits << 6 | *value;
    }
    if ((bits & ((1U << (8 * padding)) - 1)) != 0) return std::nullopt;
    for (std::size_t i = 0; i < 3 - padding; ++i) octets.push_back(static_cast<std::uint8_t>(bits >> (16 - 8 * i)));
  }
  return octets;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto sequence = sequence_of(static_cast<std::uint8_t>(text[at]));
    if (!sequence || text.size() - at <= sequence->rest) return false;
    for (; sequence->rest > 0; --sequence->rest) {
      const auto octet = static_cast<std::uint8_t>(text[++at]);
      if ((octet & 0xC0U) != 0x80U) return false;
      sequence->point = sequence->point << 6 | (octet & 0x3FU);
    }
    const bool surrogate = sequence->point >= 0xD800 && sequence->point < 0xE000;
    if (sequence->point < sequence->least || sequence->point > 0x10FFFF || surrogate) return false;
  }
  return true;
}

}  // namespace danewatch::bundle

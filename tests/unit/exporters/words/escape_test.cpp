#include "exporters/words/escape.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

constexpr int rounds = 3000;

// Octets, with those that matter (ESC, line ends, lead octets) more often than chance would have it.
std::string random_octets(std::mt19937& random) {
  static const std::string loaded = "\x1b\r\n\a\t\x7f\x80\x9b\xc2\xe2\xf0\xed\xff\\`";
  std::uniform_int_distribution<std::size_t> length(0, 40);
  std::uniform_int_distribution<int> octet(0, 255);
  std::string text;
  for (std::size_t i = length(random); i > 0; --i) {
    const int value = octet(random);
    text += value % 3 == 0 ? loaded[static_cast<std::size_t>(value) % loaded.size()] : static_cast<char>(value);
  }
  return text;
}

std::string encode(char32_t point) {
  std::string out;
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((point >> shift) & 0x3fU)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0U | (point >> 6U));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0U | (point >> 12U));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0U | (point >> 18U));
    tail(12), tail(6), tail(0);
  }
  return out;
}

// Any code point that is one, controls and overrides included.
std::string random_unicode(std::mt19937& random) {
  std::uniform_int_distribution<std::uint32_t> wide(0, 0x10ffff), narrow(0, 0x2fff);
  std::string text;
  for (int i = 0; i < 20; ++i) {
    const char32_t point = i % 2 == 0 ? wide(random) : narrow(random);
    if (point < 0xd800 || point > 0xdfff) text += encode(point);
  }
  return text;
}

void expect_harmless(const std::string& text) {
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    EXPECT_TRUE(octet >= 0x20 && octet != 0x7f) << "octet " << static_cast<int>(octet);
  }
  for (char32_t point = 0x80; point <= 0x9f; ++point) EXPECT_EQ(text.find(encode(point)), std::string::npos);
  for (const auto& [first, last] : {std::pair<char32_t, char32_t>{0x202a, 0x202e},
                                    {0x2066, 0x2069},
                                    {0x200e, 0x200f},
                                    {0x061c, 0x061c},
                                    {0x2028, 0x2029}}) {
    for (char32_t point = first; point <= last; ++point) EXPECT_EQ(text.find(encode(point)), std::string::npos);
  }
  EXPECT_EQ(to_valid_utf8(text), text) << "the result is no UTF-8";
}

TEST(EscapeForTerminal, WhateverComesInNothingDangerousComesOut) {
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    expect_harmless(escape_for_terminal(random_octets(random)));
    expect_harmless(escape_for_terminal(random_unicode(random)));
    if (HasFailure()) break;
  }
  expect_harmless(escape_for_terminal(samples::hostile_text()));
}

TEST(EscapeForTerminal, EachKindHasItsForm) {
  EXPECT_EQ(escape_for_terminal("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(escape_for_terminal("a\r\nb\tc\x7f"), "a\\x0d\\x0ab\\x09c\\x7f");
  EXPECT_EQ(escape_for_terminal(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(escape_for_terminal("\xc2\x9b"), "\\u{009b}");
  EXPECT_EQ(escape_for_terminal("\u202e"), "\\u{202e}");
  EXPECT_EQ(escape_for_terminal("\u2028\u2066\u061c"), "\\u{2028}\\u{2066}\\u{061c}");
  EXPECT_EQ(escape_for_terminal("\U000E0041"), "\\u{e0041}");
  EXPECT_EQ(escape_for_terminal("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
}

TEST(EscapeForTerminal, OctetsThatAreNoUtf8AreShownOneByOne) {
  EXPECT_EQ(escape_for_terminal("\xe2\x82"), "\\xe2\\x82") << "cut short";
  EXPECT_EQ(escape_for_terminal("\xe0\x80\xaf"), "\\xe0\\x80\\xaf") << "over-long";
  EXPECT_EQ(escape_for_terminal("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(escape_for_terminal("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "past the last plane";
  EXPECT_EQ(escape_for_terminal("\xe2(\xa1"), "\\xe2(\\xa1");
}

TEST(EscapeForTerminal, PrintableTextStays) {
  for (const std::string text :
       {"mx1.example.org", "a\\b", "m\u00fcller", "\u4f8b\u3048", "\U0001F41F", "\u0644\u0627", ""}) {
    EXPECT_EQ(escape_for_terminal(text), text);
  }
}

TEST(ToValidUtf8, ReplacesBrokenOctetsAndNothingElse) {
  EXPECT_EQ(to_valid_utf8("a\xff"
                          "b\xe2\x82"),
            "a\ufffdb\ufffd\ufffd");
  EXPECT_EQ(to_valid_utf8("\x1b\u202e\u00fc\n"), "\x1b\u202e\u00fc\n");
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    std::mt19937 random(seed);
    const std::string once = to_valid_utf8(random_octets(random));
    ASSERT_EQ(to_valid_utf8(once), once) << "seed " << seed;
    const std::string valid = random_unicode(random);
    ASSERT_EQ(to_valid_utf8(valid), valid) << "seed " << seed;
  }
}

TEST(DisplayWidth, CountsColumnsNotOctets) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("m\u00fcller"), 6U);
  EXPECT_EQ(display_width("u\u0308"), 1U) << "a combining mark takes no column";
  EXPECT_EQ(display_width("\u4f8b"), 2U) << "a wide character";
}

}  // namespace
}  // namespace danewatch

// Words for records and lists, the same in a finding's text and in its remedies.
//
// Never looks at a certificate. Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/tlsa.hpp"

namespace danewatch {

// The beginning of a sentence; our own words, which begin with an ASCII letter.
std::string capital(std::string words);

// "192.0.2.1 and 2001:db8::1", at most three of them, then "and 4 more"; duplicates once, order kept.
std::string list(const std::vector<std::string>& items);
// The same of anything that is made of words and can be put together.
template <class Text>
Text list_of(const std::vector<Text>& items) {
  constexpr std::size_t most = 3;
  std::vector<Text> once;
  for (const Text& item : items) {
    if (std::ranges::find(once, item) == once.end()) once.push_back(item);
  }
  if (once.size() < 2) return once.empty() ? Text() : once.front();
  const std::size_t shown = std::min(once.size() - 1, most);
  Text text = once.front();
  for (std::size_t i = 1; i < shown; ++i) text += Text(", ") + once[i];
  text += Text(" and ");
  text += shown + 1 == once.size() ? once.back() : Text(std::to_string(once.size() - shown) + " more");
  return text;
}

// The one short form of a record's data, enough to find it, and what differs of it from place to place.
struct ShortForm {
  std::string_view left_out = "…";
  bool far_end = true;  // of what is longer than any digest: all keys of one kind begin alike
  bool size = true;     // likewise
};
std::string short_data(const TlsaRecord& record, const ShortForm& form = {});
// "3 1 1 0123456789abcdef…"
std::string short_text(const TlsaRecord& record, const ShortForm& form = {});
// The whole zone line, or its beginning where it would fill a page; without an owner the record alone.
std::string line_of(const TlsaRecord& record);
// The whole zone line, however long; without an owner the record alone.
std::string full_line_of(const TlsaRecord& record);

}  // namespace danewatch

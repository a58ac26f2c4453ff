// Inner: one JSON object of a report: its members as text, numbers and lists, and a note where one is not what it
// should be.
//
// Thread rule: a Fields has one owner, and ends before its JSON and its notes do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch::tlsrpt {

inline constexpr std::size_t longest_text = 1000;  // octets of one text; the rest is passed over
inline constexpr std::size_t most_notes = 20;

// Once each, and no more than `most_notes`.
class Notes {
 public:
  void add(std::string note);
  std::vector<std::string> take() { return std::move(notes_); }

 private:
  std::vector<std::string> notes_;
};

class Fields {
 public:
  Fields(const nlohmann::json& object, Notes& notes) : object_(object), notes_(notes) {}

  // Null where it is absent, null, or this is no object.
  const nlohmann::json* find(const char* key) const;

  std::string text(const char* key) const;                     // empty: absent or null
  std::string text(const char* key, const char* other) const;  // some senders call it `other`
  std::optional<std::uint64_t> number(const char* key) const;
  // Also of a text alone, and of an array that was written as text.
  std::vector<std::string> texts(const char* key) const;

 private:
  void add_texts(const std::string& key, const nlohmann::json& value, std::vector<std::string>& into) const;

  const nlohmann::json& object_;
  Notes& notes_;
};

}  // namespace danewatch::tlsrpt

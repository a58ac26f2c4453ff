// Inner: a sentence in the making: prose, and the code in it, told apart from the beginning.
//
// Never looks for code in what is code, or in what others wrote. Thread rule: a value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/report/remedy.hpp"

namespace danewatch {

class Wording {
 public:
  Wording() = default;
  // Our own words, where code may stand between backticks.
  Wording(std::string_view words);    // NOLINT(google-explicit-constructor): sentences are put together of words
  Wording(const std::string& words);  // NOLINT(google-explicit-constructor)
  Wording(const char* words);         // NOLINT(google-explicit-constructor)
  static Wording code(std::string text);
  static Wording quoted(std::string text);  // words of others, whatever they hold

  Wording& operator+=(const Wording& more);
  friend Wording operator+(Wording left, const Wording& right) { return left += right; }
  bool operator==(const Wording&) const = default;

  bool empty() const { return parts_.empty(); }
  Wording capitalized() const;  // where it begins with a word

  std::string text() const;  // code between backticks
  // Code alone, and prose without the stops that would be left over behind a line of its own.
  std::vector<FixPiece> pieces() const;

 private:
  struct Part {
    std::string text;
    bool is_code = false;

    bool operator==(const Part&) const = default;
  };
  void add(std::string text, bool is_code);

  std::vector<Part> parts_;
};

}  // namespace danewatch

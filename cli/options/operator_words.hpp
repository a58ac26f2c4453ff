// What an operator wrote, in a sentence that says what is wrong with it.
//
// Thread rule: pure functions.
#pragma once

#include <fmt/format.h>

#include <string>

#include "cli/options/target_file.hpp"
#include "cli/system/errors.hpp"

namespace danewatch {

// The operator's own words in an error message: quoted where their ends would not be seen, shortened, without control
// characters.
std::string printable(const std::string& word);

// The value, or a UsageError "--option WORD: what is wrong".
template <class T>
T need(const char* option, const std::string& word, Parsed<T> parsed) {
  if (parsed) return std::move(*parsed);
  throw UsageError(fmt::format("{} {}: {}", option, printable(word), parsed.error().message));
}

// "target WORD: what is wrong".
std::string bad_target_sentence(const BadLine& bad);

}  // namespace danewatch

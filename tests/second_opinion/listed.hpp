// The list of differences that are known, and their comparison with those that occur.
//
// Thread rule: values and pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/second_opinion/tools.hpp"

namespace danewatch::second_opinion {

// A row of the list: | program | trait | danewatch says | it says | RFC section | why |
struct Listed {
  std::string program, trait, ours, theirs;
  std::size_t seen = 0;
  std::string first_host;  // the first that it explains
};

// Every table row of the Markdown text with a program's name in its first cell. Throws std::runtime_error for a row
// that cannot be understood.
std::vector<Listed> parse_list(std::string_view markdown);

// Sentences about differences that nobody listed; counts those that somebody did.
std::vector<std::string> unlisted(const std::string& program, const std::vector<Case>& cases, const Opinions& ours,
                                  const Opinions& theirs, std::vector<Listed>& list);

// Rows that explain nothing any more.
std::vector<std::string> outdated(const std::vector<Listed>& list);

}  // namespace danewatch::second_opinion

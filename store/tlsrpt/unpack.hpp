// Inner: what gzip (RFC 1952) and zip archives hold, told by their first octets and not by their name.
//
// Bounded: what is read and what comes out, over all archives of one `Budget`. Thread rule: a Budget has one owner.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch::tlsrpt {

struct Budget {
  std::size_t out = std::size_t{20} << 20U;
  std::size_t in = std::size_t{40} << 20U;  // archives may name the same octets many times
  std::size_t files = 100;
};

inline constexpr std::size_t deepest_archive = 3;

struct Unpacked {
  std::vector<std::string> files;  // none of them packed
  std::vector<std::string> notes;
  std::vector<ParseError> errors;  // of files inside; the others are there
  bool too_large = false;          // one of the errors is about the budget
};

bool looks_packed(std::string_view octets);

// What is not packed is the only file.
Unpacked unpack(std::string_view octets, Budget& budget);

}  // namespace danewatch::tlsrpt

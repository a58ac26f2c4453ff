// The parts of a mail that may hold a report (RFC 2045, RFC 2046).
//
// Bounded: parts and nesting. Never decides what a part holds. Thread rule: values, pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/tlsrpt/header.hpp"

namespace danewatch::tlsrpt {

inline constexpr std::size_t deepest_part = 16;
inline constexpr std::size_t most_parts = 1000;

struct Part {
  std::string type;       // "application/tlsrpt+gzip", lower case; "text/plain" where none is said
  std::string file_name;  // unescaped
  std::string octets;     // decoded
};

struct Mail {
  Entity top;
  std::vector<Part> parts;  // leaves, from the top
  bool notice = false;      // about another mail that was not delivered, or read: what it holds was sent by nobody
  bool cut = false;         // deeper or more parts than the limits
};

Mail parse_mail(std::string_view text);

}  // namespace danewatch::tlsrpt

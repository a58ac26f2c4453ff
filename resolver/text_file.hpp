// Reads a small text file whole.
//
// Never reads more than `text_file_limit` octets. Thread rule: a free function.
#pragma once

#include <cstddef>
#include <string>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

inline constexpr std::size_t text_file_limit = 1U << 20U;

// The error says why in the system's words: "cannot be read: No such file or directory".
Parsed<std::string> read_text_file(const std::string& path);

}  // namespace danewatch

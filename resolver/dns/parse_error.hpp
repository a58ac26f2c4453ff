// What is wrong with malformed input, and where.
//
// A value, never an exception: parsers of network bytes, files and operator text return
// tl::expected<T, ParseError>. The message is one clause without a full stop, safe to print
// (it never carries raw bytes of the input).
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace danewatch {

struct ParseError {
  std::string message;
  std::size_t position = 0;  // byte offset in the input, 0-based

  bool operator==(const ParseError&) const = default;
};

template <class T>
using Parsed = tl::expected<T, ParseError>;

inline tl::unexpected<ParseError> error_at(std::size_t position, std::string message) {
  return tl::unexpected(ParseError{std::move(message), position});
}

}  // namespace danewatch

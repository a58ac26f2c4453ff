// Pure: which of the words that are known was meant by one that is not.
//
// Thread rule: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace danewatch {

// The nearest word; empty where none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> words);

// " (did you mean X?)", or nothing.
std::string suggestion(std::string_view word, std::span<const std::string_view> words);

}  // namespace danewatch

// JSON of strangers: bounded before it is parsed, and mended where senders and gateways are known to break it.
//
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch::tlsrpt {

inline constexpr std::size_t deepest_json = 16;
inline constexpr std::size_t most_values = 500'000;

// The first value of the text. Positions count from the beginning of `text`. What had to be mended is noted.
Parsed<nlohmann::json> parse_json(std::string_view text, std::vector<std::string>& notes);

// Does it begin as a JSON object does, behind blanks and a byte order mark?
bool looks_like_json(std::string_view text);

}  // namespace danewatch::tlsrpt

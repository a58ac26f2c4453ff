// Inner: base64 (RFC 4648 4), padded, without line ends.
//
// Strict: octets have one text. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace danewatch::bundle {

std::string to_base64(std::span<const std::uint8_t> octets);
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

// Whether the text is UTF-8 (RFC 3629): what a JSON text may hold as it is.
bool is_utf8(std::string_view text);

}  // namespace danewatch::bundle

// SHA-256, for those who must not know OpenSSL.
//
// Thread rule: a pure function.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace danewatch {

// 64 lower-case hex digits. Throws std::runtime_error if OpenSSL has no SHA-256.
std::string sha256_hex(std::span<const std::uint8_t> bytes);

}  // namespace danewatch

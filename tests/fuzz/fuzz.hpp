// What every fuzz target shares: input as text or octets, and a property that must hold.
//
// Thread rule: libFuzzer calls from one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch::fuzz {

inline std::string_view as_text(std::span<const std::uint8_t> input) {
  return {reinterpret_cast<const char*>(input.data()), input.size()};
}

inline std::vector<std::uint8_t> as_bytes(std::span<const std::uint8_t> input) {
  return {input.begin(), input.end()};
}

// A broken property is reported as libFuzzer expects it: by dying.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %s\n", property);
  std::abort();
}

// resolver/dns/parse_error.hpp: a clause that is safe to print, and a place inside the input.
inline void require_sound(const ParseError& error, std::size_t input_size) {
  require(!error.message.empty(), "an error says something");
  require(error.position <= input_size, "the position is inside the input");
  for (const char c : error.message) {
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "an error message holds no control characters");
  }
}

}  // namespace danewatch::fuzz

// FUZZ(input) { … } is one target.
#define FUZZ(input)                                                           \
  static void fuzz_one(std::span<const std::uint8_t> input);                  \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t n);  \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t n) { \
    fuzz_one({data, n});                                                      \
    return 0;                                                                 \
  }                                                                           \
  static void fuzz_one(std::span<const std::uint8_t> input)

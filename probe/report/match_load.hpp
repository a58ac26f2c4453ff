// What one look at a chain would cost, known before it is done: from key sizes, signatures, paths and records.
//
// An upper estimate for a slow machine, made of facts alone; measures nothing. Thread rule: values and pure functions.
#pragma once

#include <chrono>
#include <cstddef>

#include "probe/evidence/check_load.hpp"

namespace danewatch {

struct MatchQuestion;

struct MatchLoad {
  std::chrono::microseconds time{0};  // at most, about
  std::size_t signatures = 0;         // checks of a signature, at most
  std::size_t certificates = 0;
  std::size_t records = 0;
  std::size_t paths = 0;  // by the names of subjects and issuers
  int key_bits = 0;       // of the dearest key
  int exponent_bits = 0;  // of that key; 0: it has none

  bool operator==(const MatchLoad&) const = default;
};

// Of one check of a signature.
std::chrono::nanoseconds signature_time(const CheckLoad& load);

MatchLoad load_of(const MatchQuestion& question);

// Ordinary chains take far less, also with hundreds of records: `MatchLoad` tests.
constexpr std::chrono::milliseconds most_match_time{250};

// More than this and the thread that waits for others must not do it.
constexpr std::chrono::milliseconds most_time_at_once{30};

inline bool is_too_costly(const MatchLoad& load) {
  return load.time > most_match_time;
}

}  // namespace danewatch

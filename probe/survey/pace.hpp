// How many names a survey takes on at a time: as many as this machine can serve in time.
//
// Begins small and doubles while all goes well; where beats come late it takes half as many, and then grows slowly.
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <cstddef>

namespace danewatch {

struct Pace {
  std::size_t names = 16;
  bool doubling = true;  // until the first lateness

  bool operator==(const Pace&) const = default;
};

// Since the last decision.
struct PaceFacts {
  std::chrono::milliseconds worst_lag{0};
  std::size_t in_use = 0;  // names under way
  std::size_t most = 0;    // what the operator allows
};

constexpr std::chrono::milliseconds time_of_a_pace{250};  // between two decisions

Pace first_pace(std::size_t most);
Pace next_pace(Pace pace, const PaceFacts& facts);

// Of a name that was asked when we were late: how long to let it be, and how often to come back to it.
constexpr int most_tries = 4;
std::chrono::seconds pause_before_try(int tries_made);

// A moment of ours that is bad would be one more try in vain; but nobody waits for a good one for ever.
bool may_try_again(std::chrono::steady_clock::duration waited, int tries_made, bool calm);

}  // namespace danewatch

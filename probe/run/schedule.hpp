// Pure: when a target's turn is.
//
// A target's runs lie at a fixed phase of its interval that follows from its name alone: many targets spread evenly,
// and a restart or a reload moves nobody. Thread rule: pure functions.
#pragma once

#include <chrono>
#include <string_view>

#include "resolver/dns/answer.hpp"

namespace danewatch {

// 0 <= phase < interval; the same in every process and on every machine.
std::chrono::milliseconds phase_of(std::string_view name, std::chrono::milliseconds interval);

// The first point after `now` that is `phase` after a multiple of `interval`, counted from `epoch`.
Deadline next_turn(Deadline now, Deadline epoch, std::chrono::milliseconds interval, std::chrono::milliseconds phase);

}  // namespace danewatch

// How bad it was on a day, of what is remembered.
//
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <optional>

#include "probe/life/history.hpp"
#include "probe/life/life.hpp"

namespace danewatch {

// The worst that any run of that day (UTC) said; nothing: none is remembered. `life`: null, nothing is kept.
std::optional<SeenVerdict> worst_on(std::chrono::sys_days day, const History& history, const Life* life);

}  // namespace danewatch

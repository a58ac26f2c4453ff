// The history of a target as far as its life tells it: what a service knows again after a restart.
//
// Thread rule: a pure function.
#pragma once

#include "probe/life/history.hpp"
#include "probe/life/life.hpp"

namespace danewatch {

// Its recent runs, or where they were not kept those that saw a verdict first and last. No latest report.
History restored(const Life& life, const HistoryLimits& limits = {});

}  // namespace danewatch

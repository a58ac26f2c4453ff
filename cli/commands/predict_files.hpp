// Inner: the files that a prediction is made of.
//
// Thread rule: one thread.
#pragma once

#include <vector>

#include "cli/options/predict.hpp"
#include "resolver/zone/zone.hpp"

namespace danewatch {

// Each throws UsageError with the option, the file and what is wrong there.
std::vector<Zone> read_zones(const PredictOptions& options);
ChainBook read_chains(const PredictOptions& options);

}  // namespace danewatch

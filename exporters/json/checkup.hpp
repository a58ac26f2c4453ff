// What `danewatch doctor` found, as one compact JSON object: {"schema":"danewatch.doctor/1","severity",
// "trust_anchor","items":[{"topic","severity","text","fix"}]}.
//
// Pure. Thread rule: free function.
#pragma once

#include <string>

#include "probe/judgement/checkup.hpp"

namespace danewatch {

std::string to_json(const Checkup& checkup);

}  // namespace danewatch

// What `danewatch doctor` found, as text for people.
//
// Pure. Thread rule: free function.
#pragma once

#include <string>

#include "exporters/text/text.hpp"
#include "probe/judgement/checkup.hpp"

namespace danewatch {

std::string to_text(const Checkup& checkup, const TextOptions& options);

}  // namespace danewatch

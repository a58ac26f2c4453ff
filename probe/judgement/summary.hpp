// A report in one line.
//
// Never says more than the findings do. Thread rule: pure functions.
#pragma once

#include <string>

#include "probe/report/report.hpp"

namespace danewatch {

// One line for a human; the findings are filled in.
std::string summarize(const Report& report);

// The finding's headline as such a line.
std::string headline_of(const Finding& finding);

}  // namespace danewatch

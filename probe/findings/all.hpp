// The findings of a report, from all who make them.
//
// Never changes a verdict. Thread rule: pure functions.
#pragma once

#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// Every finding, worst first, at most 50. The conclusion and the hosts are filled in.
std::vector<Finding> find_all(const Report& report);

}  // namespace danewatch

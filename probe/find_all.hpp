// The findings of a report, from all who make them.
//
// Never changes a verdict. Thread rule: pure functions.
#pragma once

#include <vector>

#include "probe/report.hpp"

namespace danewatch {

// Every finding, worst first, at most 50. The judgement's conclusion and hosts are filled in.
std::vector<Finding> find_all(const Report& report, const Judgement& judgement);

// Those that a chain from a file can have (`danewatch verify`), the same way.
std::vector<Finding> find_offline(const Report& report, const Judgement& judgement);

}  // namespace danewatch

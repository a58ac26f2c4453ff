// Looks at targets once, side by side, with a resolver of its own whose cache begins empty.
//
// Throws where nothing can be looked at (no trust anchor). Thread rule: one thread.
#pragma once

#include <vector>

#include "cli/options/options.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

struct TargetLook {
  Report report;
  std::vector<Answer> elsewhere;  // TLSA at other ports of its hosts
};

std::vector<TargetLook> look_at(const CheckOptions& options);  // in the order of its targets

}  // namespace danewatch

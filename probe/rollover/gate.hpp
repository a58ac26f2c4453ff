// The answer to "may I?", from a plan.
//
// Thread rule: a pure function.
#pragma once

#include "probe/rollover/plan.hpp"

namespace danewatch {

// May this step be taken for all of the servers now? The worst that any of them has to say, with all reasons. What
// holds "not before" may hold later still when it is asked again, never earlier.
RolloverStep gate(const Plan& plan, StepKind kind);

}  // namespace danewatch

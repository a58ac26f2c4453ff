// What `rollover` is told.
//
// Opens no file, asks no network, prints nothing. Thread rule: values.
#pragma once

#include "cli/options/check.hpp"
#include "probe/rollover/plan.hpp"

namespace danewatch {

struct RolloverOptions {
  enum class What { plan, status, gate };
  What what = What::plan;
  StepKind step = StepKind::deploy;  // of gate
  CheckOptions look;                 // with --next, --state and the targets
  bool all_named = false;
  bool wait = false;
  std::optional<std::chrono::milliseconds> patience;  // of --wait; none: for ever
};

}  // namespace danewatch

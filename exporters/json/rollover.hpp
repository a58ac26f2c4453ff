// A plan of a rollover and how far records have spread, as JSON: danewatch.rollover/1.
//
// Pure. One object, no newline inside or at the end. Unknown is null.
#pragma once

#include <span>
#include <string>

#include "probe/rollover/spread.hpp"

namespace danewatch {

// `gate`: the step that was asked for; null: none.
std::string to_json(const Plan& plan, std::span<const RecordSpread> records, const RolloverStep* gate, SysTime now);

}  // namespace danewatch

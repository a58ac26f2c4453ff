// What the end of the time explains says nothing of the world: a report made in a hurry, weighed.
//
// Only where the policy has a time limit; without one everything counts. Thread rule: pure functions.
#pragma once

#include <span>
#include <string_view>

#include "probe/report/report.hpp"

namespace danewatch {

// Whether the end of the time came before that of the work.
bool is_late(const Report& report);

// The severity is the one that the operator wants when the time is over.
bool is_decided_by_time(const Report& report);

// The worst of the conclusion's and the findings' severities but those of these codes, and of what being late is worth.
Severity weigh(const Report& report, std::span<const std::string_view> without = {});

}  // namespace danewatch

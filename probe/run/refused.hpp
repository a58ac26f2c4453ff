// Pure: runs that the operator's policy forbids.
//
// Thread rule: pure functions.
#pragma once

#include "probe/observe/address_policy.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

// There were addresses to look at, and the policy forbids every one of them.
bool is_refused(const Report& report, const TargetPolicy& policy);

// What is told then: unknown/refused-by-policy, with what the DNS said.
Report refused_report(const Report& report);

}  // namespace danewatch

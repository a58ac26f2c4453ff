// Inner: a zone signed with what our resolver cannot check.
//
// Thread rule: pure functions.
#pragma once

#include <string>

#include "probe/findings/inner.hpp"

namespace danewatch {

// `name` is the host's, or empty: of the target as a whole.
Finding algorithm_finding(const Report& report, const std::string& name);

}  // namespace danewatch

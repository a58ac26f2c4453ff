// Times as people and machines read them, UTC throughout. Years outside 0 to 9999 are shown as the nearest of these.
//
// Never asks a clock. Thread rule: pure functions.
#pragma once

#include <string>

#include "resolver/dns/answer.hpp"

namespace danewatch {

std::string format_time(SysTime time);  // RFC 3339: "2026-01-31T12:00:00Z"
std::string date_of(SysTime time);      // "2026-01-31"
std::string moment_of(SysTime time);    // "2026-01-31 12:00 UTC"

}  // namespace danewatch

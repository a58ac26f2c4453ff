// Times as machines read them.
//
// Never asks a clock. Thread rule: pure functions.
#pragma once

#include <string>

#include "resolver/dns/answer.hpp"

namespace danewatch {

std::string format_time(SysTime time);  // RFC 3339, UTC: "2026-01-31T12:00:00Z"

}  // namespace danewatch

// Times as people and machines read them, UTC throughout. Years outside 0 to 9999 are shown as the nearest of these.
//
// Never asks a clock. Thread rule: pure functions.
#pragma once

#include <chrono>
#include <string>

#include "resolver/dns/answer.hpp"

namespace danewatch {

std::string format_time(SysTime time);  // RFC 3339: "2026-01-31T12:00:00Z"
std::string date_of(SysTime time);      // "2026-01-31"
std::string moment_of(SysTime time);    // "2026-01-31 12:00 UTC"

// How a span of time is worded: in one unit, rounded down.
struct SpanForm {
  int from = 2;                     // of a unit there must be so many: with 2 "47 hours", with 1 "1 day"
  std::chrono::seconds finest{60};  // a day, an hour, a minute or a second: nothing is told in less
};
std::string span_of(std::chrono::seconds time, const SpanForm& form = {});  // "3 days", "1 hour", "20 s"

}  // namespace danewatch

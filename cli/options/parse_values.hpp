// Times and lengths of time as people write them, in options, in the configuration and in addresses of the API.
//
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <string_view>

#include "resolver/dns/parse_error.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {

// "500ms", "5s", "1m30s", "2" (seconds); more than 0, at most a day.
Parsed<std::chrono::milliseconds> parse_duration(std::string_view text);

// "7d", "36h", "2w": one number and its unit; more than 0, at most ten years.
Parsed<std::chrono::seconds> parse_span(std::string_view text);

// RFC 3339 with zone ("2026-01-31T12:00:00Z", "…+01:00"), a date ("2026-01-31": 00:00 UTC), or seconds since the epoch.
Parsed<SysTime> parse_time(std::string_view text);

}  // namespace danewatch

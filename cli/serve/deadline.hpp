// Pure: how long a request to /probe may take.
//
// Thread rule: a pure function.
#pragma once

#include <chrono>
#include <string_view>

namespace danewatch {

// `header`: X-Prometheus-Scrape-Timeout-Seconds as received; what makes no sense counts as absent. Half a second less
// than it says, but at least half of it; never more than the module's timeout.
std::chrono::milliseconds probe_time(std::string_view header, std::chrono::milliseconds module_timeout);

}  // namespace danewatch

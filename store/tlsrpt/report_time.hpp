// Inner: the times of a report (RFC 3339, and what senders make of it).
//
// Thread rule: a pure function.
#pragma once

#include <optional>
#include <string_view>

#include "resolver/dns/answer.hpp"

namespace danewatch::tlsrpt {

struct ReportTime {
  SysTime time{};
  bool zoned = true;  // false: no zone was said, so UTC was taken
};

// "2025-05-22T00:00:00Z", with a fraction, an offset or a blank for the T; without a zone; or a date alone.
std::optional<ReportTime> parse_report_time(std::string_view text);

}  // namespace danewatch::tlsrpt

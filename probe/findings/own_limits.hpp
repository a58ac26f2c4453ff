// Dates held against the operator's own limits, which take the place of ours where there is a date to hold.
//
// What is shown decides, so that a graph and an alert never disagree. Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/report/expiry.hpp"

namespace danewatch {

struct OwnLimit {
  std::string_view code;  // of the findings about such dates
  Expiry first;
  Severity severity = Severity::info;  // info: within the limit
  std::string words;                   // beyond it: "the certificate of mx.example.org expires in 5 days (range 7:)"
};

// Nothing where the operator said nothing, or no such date is known: then our limits hold.
std::optional<OwnLimit> own_limit(const Report& report, Expiry::Kind kind);

// Those that are passed, certificates first.
std::vector<OwnLimit> passed_limits(const Report& report);

// Days left, as a figure; negative for what has ended.
std::optional<double> days_left(const std::optional<Expiry>& expiry, SysTime now);

}  // namespace danewatch

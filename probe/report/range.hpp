// Alert ranges as Nagios plugins write them: "[@]start:end"; an operator's own limits of days are such.
//
//   10      outside 0 to 10        10:     below 10           ~:10   above 10
//   10:20   outside 10 to 20       @10:20  inside 10 to 20 (the ends count as inside)
//
// Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

struct Range {
  std::optional<double> start;  // nothing: from minus infinity
  std::optional<double> end;    // nothing: to infinity
  bool inside = false;          // "@": alert inside the range, not outside
  std::string text;             // as perfdata repeats it

  bool operator==(const Range&) const = default;
};

enum class BareNumber {
  end,   // "10" is "0:10", as Nagios has it
  start  // "10" is "10:": for days left, where less is worse
};

// Decimal numbers without exponent; at least one end, and start <= end.
Parsed<Range> parse_range(std::string_view text, BareNumber bare);

bool alerts(const Range& range, double value);

// "57.25": at most two decimals, rounded down so that a threshold is judged by what is shown.
std::string decimal(double value);
double shown(double value);

// The two thresholds of one figure; the critical one is asked first.
struct Thresholds {
  std::optional<Range> warning;
  std::optional<Range> critical;

  bool any() const { return warning || critical; }
  bool operator==(const Thresholds&) const = default;
};

}  // namespace danewatch

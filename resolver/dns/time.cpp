#include "resolver/dns/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace danewatch {

// Certificates may say anything; RFC 3339 knows four digits of year.
std::string format_time(SysTime time) {
  using namespace std::chrono;
  constexpr SysTime first{sys_days{year{0} / January / 1}};
  constexpr SysTime last{sys_days{year{9999} / December / 31} + days{1} - seconds{1}};
  const SysTime shown = std::clamp(time, first, last);
  const year_month_day date{floor<days>(shown)};
  const hh_mm_ss clock{shown - floor<days>(shown)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string date_of(SysTime time) {
  return format_time(time).substr(0, 10);
}

std::string moment_of(SysTime time) {
  return fmt::format("{} {} UTC", date_of(time), format_time(time).substr(11, 5));
}

}  // namespace danewatch

#include "resolver/dns/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

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

std::string span_of(std::chrono::seconds time, const SpanForm& form) {
  struct Unit {
    std::chrono::seconds length;
    std::string_view word;
  };
  static constexpr std::array units{Unit{std::chrono::days(1), "day"}, Unit{std::chrono::hours(1), "hour"},
                                    Unit{std::chrono::minutes(1), "minute"}};
  time = std::max(time, std::chrono::seconds(0));
  for (const Unit& unit : units) {
    const auto count = time / unit.length;
    if (count < form.from && unit.length > form.finest) continue;
    return fmt::format("{} {}{}", count, unit.word, count == 1 ? "" : "s");
  }
  return fmt::format("{} s", time.count());
}

}  // namespace danewatch

#include "store/tlsrpt/report_time.hpp"

#include <charconv>
#include <chrono>

namespace danewatch::tlsrpt {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// So many digits, and one of `after` behind them where there is something to be behind.
std::optional<int> take(std::string_view& text, std::size_t digits, std::string_view after) {
  if (text.size() < digits || !is_digit(text.front())) return std::nullopt;
  int value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + digits, value);
  if (wrong != std::errc{} || end != text.data() + digits) return std::nullopt;
  text.remove_prefix(digits);
  if (after.empty()) return value;
  if (text.empty() || after.find(text.front()) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

// "+01:00", "-0330".
std::optional<std::chrono::minutes> take_offset(std::string_view text) {
  const bool west = text.front() == '-';
  text.remove_prefix(1);
  const auto hours = take(text, 2, "");
  if (text.starts_with(':')) text.remove_prefix(1);
  const auto minutes = take(text, 2, "");
  if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset{*hours * 60 + *minutes};
  return west ? -offset : offset;
}

std::optional<std::chrono::seconds> take_clock(std::string_view& text) {
  const auto hour = take(text, 2, ":");
  const auto minute = hour ? take(text, 2, ":") : std::nullopt;
  const auto second = minute ? take(text, 2, "") : std::nullopt;
  if (!second || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  }
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

}  // namespace

std::optional<ReportTime> parse_report_time(std::string_view text) {
  using namespace std::chrono;
  const auto y = take(text, 4, "-");
  const auto m = y ? take(text, 2, "-") : std::nullopt;
  const auto d = m ? take(text, 2, "") : std::nullopt;
  if (!d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  ReportTime result{sys_days{date}, false};
  if (text.empty()) return result;
  if (text.front() != 'T' && text.front() != 't' && text.front() != ' ') return std::nullopt;
  text.remove_prefix(1);
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  result.time += *clock;
  if (text.empty()) return result;
  result.zoned = true;
  if (text == "Z" || text == "z") return result;
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset) return std::nullopt;
  result.time -= *offset;
  return result;
}

}  // namespace danewatch::tlsrpt

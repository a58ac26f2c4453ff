#include <algorithm>
#include <charconv>
#include <limits>

#include "cli/options/parse_values.hpp"

namespace danewatch {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest{std::chrono::hours{24}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes the digits at the front of `text`; at most nine, so that nothing overflows later.
std::optional<long> take_number(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  if (count == 0 || count > 9) return std::nullopt;
  long value = 0;
  std::from_chars(text.data(), text.data() + count, value);
  text.remove_prefix(count);
  return value;
}

std::optional<milliseconds> take_unit(std::string_view& text) {
  static constexpr std::pair<std::string_view, milliseconds> units[] = {{"ms", milliseconds{1}},
                                                                        {"s", std::chrono::seconds{1}},
                                                                        {"m", std::chrono::minutes{1}},
                                                                        {"h", std::chrono::hours{1}}};
  for (const auto& [word, unit] : units) {
    if (text.starts_with(word)) {
      text.remove_prefix(word.size());
      return unit;
    }
  }
  return std::nullopt;
}

ParseError error_at(std::string_view whole, std::string_view rest, std::string message) {
  return {std::move(message), whole.size() - rest.size()};
}

bool take(std::string_view& text, std::string_view chars) {
  if (text.empty() || chars.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// A field of exactly `digits` digits.
std::optional<int> take_field(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc{} || end != text.data() + digits || !is_digit(text.front())) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

struct Fields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<Fields> take_date_and_time(std::string_view& text) {
  constexpr std::size_t date_alone = 10;  // "2026-01-31": its first moment
  const bool has_time = text.size() > date_alone;
  Fields f;
  struct Part {
    int Fields::*field;
    std::size_t digits;
    std::string_view after;
  };
  static constexpr Part parts[] = {{&Fields::year, 4, "-"}, {&Fields::month, 2, "-"},  {&Fields::day, 2, "Tt "},
                                   {&Fields::hour, 2, ":"}, {&Fields::minute, 2, ":"}, {&Fields::second, 2, ""}};
  for (const auto& part : parts) {
    const auto value = take_field(text, part.digits);
    if (!value) return std::nullopt;
    f.*part.field = *value;
    if (!has_time && part.field == &Fields::day) return text.empty() ? std::optional(f) : std::nullopt;
    if (!part.after.empty() && !take(text, part.after)) return std::nullopt;
  }
  return f;
}

// "Z" or "+HH:MM"; RFC 3339 wants one, because a time without a zone means something else on every machine.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
  if (take(text, "Zz")) return std::chrono::minutes{0};
  if (text.empty()) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_field(text, 2);
  if (!hours || *hours > 23 || !take(text, ":")) return std::nullopt;
  const auto minutes = take_field(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

Parsed<SysTime> parse_rfc3339(std::string_view text) {
  constexpr auto wanted = "invalid time; write 2026-01-31, 2026-01-31T12:00:00Z or seconds since 1970";
  std::string_view rest = text;
  const auto fields = take_date_and_time(rest);
  if (!fields) return tl::unexpected(error_at(text, rest, wanted));
  const std::chrono::year_month_day day{std::chrono::year{fields->year},
                                        std::chrono::month(static_cast<unsigned>(fields->month)),
                                        std::chrono::day(static_cast<unsigned>(fields->day))};
  if (!day.ok() || fields->hour > 23 || fields->minute > 59 || fields->second > 60) {
    return tl::unexpected(ParseError{"is not a time that exists", 0});
  }
  if (take(rest, ".")) take_number(rest);
  const auto zone = text.size() == 10 ? std::optional(std::chrono::minutes{0}) : take_zone(rest);
  if (!zone || !rest.empty()) return tl::unexpected(error_at(text, rest, wanted));
  return std::chrono::sys_days{day} + std::chrono::hours{fields->hour} + std::chrono::minutes{fields->minute} +
         std::chrono::seconds{fields->second} - *zone;
}

}  // namespace

Parsed<milliseconds> parse_duration(std::string_view text) {
  constexpr auto wanted = "is not a duration (e.g. 500ms, 5s, 1m30s)";
  constexpr auto too_long = "is more than a day";
  std::string_view rest = text;
  milliseconds total{0};
  if (rest.empty()) return tl::unexpected(ParseError{wanted, 0});
  while (!rest.empty()) {
    const auto number = take_number(rest);
    const bool long_number = !rest.empty() && is_digit(rest.front());
    if (!number) return tl::unexpected(error_at(text, rest, long_number ? too_long : wanted));
    if (rest.empty() && total.count() == 0) {
      total = std::chrono::seconds{*number};  // a bare number means seconds, as in ping and curl
      break;
    }
    const auto unit = take_unit(rest);
    if (!unit) return tl::unexpected(error_at(text, rest, wanted));
    total += *number * *unit;
  }
  if (total.count() <= 0) return tl::unexpected(ParseError{"must be more than 0", 0});
  if (total > longest) return tl::unexpected(ParseError{too_long, 0});
  return total;
}

Parsed<std::chrono::seconds> parse_span(std::string_view text) {
  using std::chrono::seconds;
  constexpr auto wanted = "is not a span of time (e.g. 36h, 7d, 2w)";
  static constexpr std::pair<char, seconds> units[] = {{'s', seconds(1)},
                                                       {'m', std::chrono::minutes(1)},
                                                       {'h', std::chrono::hours(1)},
                                                       {'d', std::chrono::days(1)},
                                                       {'w', std::chrono::weeks(1)}};
  constexpr seconds longest_span = std::chrono::days(3653);
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto unit =
      std::ranges::find(units, end == text.data() + text.size() ? '\0' : *end, &std::pair<char, seconds>::first);
  const bool is_whole = end + 1 == text.data() + text.size();
  if (error == std::errc::invalid_argument || !is_whole || unit == std::end(units)) {
    return tl::unexpected(ParseError{wanted, static_cast<std::size_t>(end - text.data())});
  }
  if (number <= 0 && error == std::errc{}) return tl::unexpected(ParseError{"must be more than 0", 0});
  if (error != std::errc{} || number > longest_span / unit->second) {
    return tl::unexpected(ParseError{"is more than ten years", 0});
  }
  return number * unit->second;
}

Parsed<SysTime> parse_time(std::string_view text) {
  long long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_epoch = error == std::errc{} && end == text.data() + text.size();
  if (!is_epoch) return parse_rfc3339(text);
  constexpr long long year_10000 = 253402300800;
  if (seconds < 0 || seconds >= year_10000) return tl::unexpected(ParseError{"is outside the years 1970 to 9999", 0});
  return SysTime{std::chrono::seconds{seconds}};
}

}  // namespace danewatch

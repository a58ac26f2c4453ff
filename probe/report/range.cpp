#include "probe/report/range.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace danewatch {
namespace {

constexpr auto wanted = "is not a range (e.g. 14, 14:, ~:10, 10:20 or @10:20)";

// "-1.5"; from_chars alone would take exponents, "inf" and "nan" as well.
std::optional<double> number(std::string_view text) {
  constexpr std::size_t longest = 15;  // digits a double keeps
  if (text.empty() || text.size() > longest || text.find_first_not_of("-.0123456789") != std::string_view::npos)
    return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

tl::unexpected<ParseError> refused(std::string message) {
  return tl::unexpected(ParseError{std::move(message), 0});
}

}  // namespace

Parsed<Range> parse_range(std::string_view text, BareNumber bare) {
  Range range;
  range.text = text;
  if (text.starts_with('@')) {
    range.inside = true;
    text.remove_prefix(1);
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    const auto value = number(text);
    if (!value) return refused(wanted);
    const bool from_here = bare == BareNumber::start && !range.inside;
    (from_here ? range.start : range.end) = *value;
    if (from_here) range.text += ':';
    if (!from_here) range.start = 0;
  } else {
    const auto from = text.substr(0, colon);
    const auto to = text.substr(colon + 1);
    if (from.empty() && to.empty()) return refused(wanted);
    range.start = from.empty() ? std::optional<double>(0) : number(from);
    range.end = number(to);
    if ((!range.start && from != "~") || (!range.end && !to.empty())) return refused(wanted);
  }
  if (range.start && range.end && *range.start > *range.end)
    return refused("is empty: its start is greater than its end");
  return range;
}

bool alerts(const Range& range, double value) {
  const bool inside = (!range.start || value >= *range.start) && (!range.end || value <= *range.end);
  return inside == range.inside;
}

double shown(double value) {
  constexpr double noise = 1e-6;  // 1.13 * 100 is a little less than 113
  return std::floor(value * 100 + noise) / 100;
}

std::string decimal(double value) {
  std::string text = fmt::format("{:.2f}", shown(value));
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace danewatch

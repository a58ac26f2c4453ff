#include "exporters/survey/charts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exporters/words/escape.hpp"

namespace danewatch::survey_page {
namespace {

constexpr int row_height = 22;
constexpr int label_width = 270;
constexpr int bar_width = 360;
constexpr int chart_width = 760;

// The colour says what the words say, never alone.
std::string_view class_of(std::string_view label) {
  const auto begins = [&](std::string_view word) { return label.substr(0, label.find('/')) == word; };
  for (const std::string_view good : {"authenticated", "ok", "info", "protected", "current"}) {
    if (begins(good)) return "good";
  }
  for (const std::string_view bad : {"mismatch", "tls-missing", "dns-bogus", "protocol-error", "unusable", "critical",
                                     "deferred", "undeliverable"}) {
    if (begins(bad)) return "bad";
  }
  return begins("warning") || begins("tempfail") || begins("unmatched") || begins("partly-deferred") ? "warn" : "plain";
}

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string bar(std::size_t row, const std::pair<std::string, std::uint64_t>& each, std::uint64_t longest,
                std::uint64_t whole) {
  const int y = static_cast<int>(row) * row_height;
  const double width = longest == 0 ? 0 : bar_width * static_cast<double>(each.second) / static_cast<double>(longest);
  std::string label = each.first;
  if (display_width(label) > 38) label = label.substr(0, 35) + "...";
  return fmt::format(
      "<text x=\"{}\" y=\"{}\" class=\"label\">{}</text><rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"14\" "
      "class=\"{}\"/><text x=\"{:.1f}\" y=\"{}\">{} ({:.1f} %)</text>\n",
      label_width - 8, y + 15, html(label), label_width, y + 4, std::max(width, 1.0), class_of(each.first),
      label_width + std::max(width, 1.0) + 6, y + 15, each.second, percent(each.second, whole));
}

}  // namespace

std::string html(std::string_view text) {
  std::string safe;
  for (const char c : escape_for_terminal(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

Bars largest_first(const Counts& counts, std::size_t most) {
  Bars bars(counts.begin(), counts.end());
  std::ranges::stable_sort(bars, std::greater{}, [](const auto& each) { return each.second; });
  if (bars.size() > most) bars.resize(most);
  return bars;
}

std::string section(std::string_view title, std::string_view of_what, const Bars& bars, std::uint64_t whole) {
  if (bars.empty()) return {};
  std::uint64_t longest = 0;
  for (const auto& [label, count] : bars) longest = std::max(longest, count);
  std::string out = fmt::format(
      "<section><h2>{0}</h2><p class=\"of\">{1}</p>\n<svg viewBox=\"0 0 {2} {3}\" role=\"img\" aria-label=\"{0}\">\n",
      html(title), html(of_what), chart_width, bars.size() * row_height + 4);
  for (std::size_t row = 0; row < bars.size(); ++row) out += bar(row, bars[row], longest, whole);
  out += "</svg>\n<details><summary>As a table</summary><table>\n";
  for (const auto& [label, count] : bars)
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", html(label), count);
  return out + "</table></details></section>\n";
}

}  // namespace danewatch::survey_page

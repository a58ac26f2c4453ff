#include "exporters/junit/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exporters/text/text.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"

namespace danewatch {
namespace {

// XML 1.0 2.2 has no way to write control characters at all: they are escaped as for a terminal.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// Line by line, so that the ends of our own lines stay.
std::string lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += xml(escape_for_terminal(text.substr(0, end))) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string_view element_of(const Report& report) {
  switch (exit_status(report.severity)) {
    case 0:
      return "system-out";
    case 3:
      return "error";
    default:
      return "failure";
  }
}

std::string test_case(const Report& report) {
  const std::string_view element = element_of(report);
  const std::string about = element == "system-out"
                                ? ""
                                : fmt::format(" type=\"{}\" message=\"{}\"", xml(words::conclusion(report.conclusion)),
                                              xml(words::lead(report.run.origin) + words::plain(report.summary)));
  return fmt::format(
      "    <testcase classname=\"danewatch.{}\" name=\"{}\" time=\"{:.3f}\">\n      <{}{}>{}</{}>\n    </testcase>\n",
      report.target.service->name, xml(words::target(report.target)),
      std::chrono::duration<double>(report.run.duration).count(), element, about, lines(to_text(report, {})), element);
}

}  // namespace

std::string to_junit(std::span<const Report> reports) {
  const auto count = [&](std::string_view element) {
    return std::ranges::count_if(reports, [&](const Report& report) { return element_of(report) == element; });
  };
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", reports.size(), count("failure"), count("error"));
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"danewatch\" {}>\n  <testsuite name=\"danewatch\" {}>\n", counts, counts);
  for (const Report& report : reports) out += test_case(report);
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace danewatch

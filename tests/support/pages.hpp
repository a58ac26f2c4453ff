// What tests of pages share: a moment, a history of one run, and counting.
//
// Thread rule: pure functions.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "exporters/page/page.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::page {

inline const Moment noon{samples::all_good().at, std::chrono::seconds(30)};

inline History history_of(const Report& report) {
  History history;
  record(history, std::make_shared<const Report>(report));
  return history;
}

inline std::string page_of(const Report& report, std::string_view name = "name") {
  const History history = history_of(report);
  return target({name, &history, std::chrono::minutes(5)}, noon);
}

inline std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace danewatch::page

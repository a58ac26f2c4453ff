// What a survey found, told: for a terminal, as JSON, and as one page with charts.
//
// The page needs no script, no network and no other file. Whatever the network said is escaped. Thread rule: pure
// functions.
#pragma once

#include <optional>
#include <string>

#include "probe/survey/tally.hpp"

namespace danewatch {

struct SurveySummary {
  Tally tally;
  std::optional<RunComparison> against;
};

std::string to_summary_text(const SurveySummary& summary);
std::string to_summary_json(const SurveySummary& summary);  // danewatch.survey-summary/1
std::string to_summary_page(const SurveySummary& summary);

}  // namespace danewatch

// A result of a survey as one line of JSON, and read back; docs/survey.md tells its members.
//
// ASCII only, no line end. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "probe/survey/result.hpp"

namespace danewatch {

// What else is kept of it.
struct WholeOfIt {
  std::string_view member = {};  // "report", "evidence"
  std::string json = {};         // an object in one line; empty: nothing
};

std::string to_survey_line(const SurveyResult& result, const WholeOfIt& whole = {});

// Members it does not know are passed over. What is not a result of a survey is an error.
Parsed<SurveyResult> parse_survey_line(std::string_view line);

}  // namespace danewatch

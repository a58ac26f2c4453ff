// A result of a survey as one line of JSON, and read back; docs/survey.md tells its members.
//
// ASCII only, no line end. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "probe/survey/result.hpp"

namespace danewatch {

// `report`: the whole report as JSON, or empty.
std::string to_survey_line(const SurveyResult& result, std::string_view report = {});

// Members it does not know are passed over. What is no result of a survey is an error.
Parsed<SurveyResult> parse_survey_line(std::string_view line);

}  // namespace danewatch

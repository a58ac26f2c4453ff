// One line of a survey's input: a mail domain, or what is wrong with it.
//
// A bad line is a result of its own and never hides another. Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

struct SurveyName {
  std::string name;                 // A-labels; of a bad line what was written, at most 300 octets
  std::optional<ParseError> error;  // it is no mail domain

  bool operator==(const SurveyName&) const = default;
};

// Nothing: a blank line or a comment. CR LF line ends and a byte order mark are tolerated.
std::optional<SurveyName> read_survey_name(std::string_view line);

// How it is kept on disk, in one line, and read back. Names that are the same are the same line.
std::string kept_line(const SurveyName& name);
SurveyName from_kept_line(std::string_view line);

}  // namespace danewatch

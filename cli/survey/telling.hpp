// Inner: what surveys found, told: `survey summary` and `survey notices`.
//
// Thread rule: one thread.
#pragma once

#include "cli/options/survey.hpp"

namespace danewatch {

int tell_summary(const SurveyOptions& options);
int tell_notices(const SurveyOptions& options);

}  // namespace danewatch

// Reports as JUnit XML, which GitHub, GitLab and Jenkins show: a test case per target.
//
// What would make the exit status 1 or 2 is a failure, what could not be looked at an error. Pure.
#pragma once

#include <span>
#include <string>

#include "probe/report/report.hpp"

namespace danewatch {

std::string to_junit(std::span<const Report> reports);

}  // namespace danewatch

// From evidence to a judgement (pure).
//
// Verdicts and how they add up, severity, impact, record states and findings. Knows no clock (report.at is the time),
// no network, no OpenSSL. Thread rule: pure functions.
#pragma once

#include "probe/report.hpp"

namespace danewatch {

// report.dns, tls and matches are filled in; judgement is ignored.
Judgement judge(const Report& report);

// A report about a line that is no target (unknown/bad-target), or a run that never was (unknown/not-run).
Report bad_target_report(std::string text, const ParseError& error, SysTime at);
Report not_run_report(Target target, Reason reason, SysTime at);

}  // namespace danewatch

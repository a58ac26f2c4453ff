// From evidence to a report (pure, given the matcher).
//
// The only maker of reports: verdicts and how they add up, severity, impact, record states and findings. Knows no clock
// (evidence.at is the time), no network, no OpenSSL. Thread rule: pure functions.
#pragma once

#include "probe/report/report.hpp"

namespace danewatch {

// Where nobody looked, there is nothing to match.
class NoMatcher final : public Matcher {
 public:
  MatchResult match(const MatchQuestion&) const override { return {}; }
  std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord>, const Service&) const override {
    return {};
  }
};

Report judge(Evidence evidence, const Matcher& matcher, const Policy& policy);

// What a report was made of: judge(facts_of(report), matcher, report.policy) is the same report.
Evidence facts_of(const Report& report);

// A report about a line that is no target (unknown/bad-target), or a run that never was (unknown/not-run).
Report bad_target_report(std::string text, const ParseError& error, SysTime at);
Report not_run_report(Target target, NotLooked::Why why, SysTime at);

}  // namespace danewatch

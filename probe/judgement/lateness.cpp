#include "probe/judgement/lateness.hpp"

#include <algorithm>

namespace danewatch {
namespace {

bool gave_up(const std::vector<Answer>& lookups) {
  return std::ranges::any_of(
      lookups, [](const Answer& answer) { return answer.failure == Failure::timeout && !answer.diagnostic; });
}

// A question without an answer says nothing only if it got little time.
bool owed_to_time(const Finding& finding, bool hurried) {
  constexpr std::string_view codes[] = {"run-incomplete", "not-run", "address-unreachable", "views-unobserved"};
  return std::ranges::find(codes, finding.code) != std::end(codes) || (hurried && finding.code == "dns-failed");
}

bool owed_to_time(const Conclusion& conclusion, bool hurried) {
  return conclusion.verdict == Verdict::tempfail || conclusion.verdict == Verdict::unknown ||
         (hurried && conclusion == Conclusion{Verdict::dns_error, Reason::timeout});
}

TimeLimit limit_of(const Report& report) {
  return report.policy.time_limit.value_or(TimeLimit());
}

}  // namespace

bool is_late(const Report& report) {
  const auto& limit = report.policy.time_limit;
  if (!limit) return false;
  if (!report.run.complete) return true;
  const bool ours = report.conclusion.verdict == Verdict::unknown;  // no root, no anchor: time would not help
  if (!limit->hurried || ours) return false;
  return gave_up(report.walk.lookups) ||
         std::ranges::any_of(report.hosts, [](const HostReport& host) { return gave_up(host.dns.lookups); });
}

bool is_decided_by_time(const Report& report) {
  return is_late(report) && exit_status(report.severity) == exit_status(limit_of(report).when_over);
}

Severity weigh(const Report& report, std::span<const std::string_view> without) {
  const bool late = is_late(report);
  const bool hurried = late && limit_of(report).hurried;
  Severity severity = severity_of(report.conclusion, report.policy.if_present);
  if (late && owed_to_time(report.conclusion, hurried)) severity = Severity::ok;
  for (const Finding& finding : report.findings) {
    const bool counts = finding.severity != Severity::info && !(late && owed_to_time(finding, hurried));
    if (counts && std::ranges::find(without, finding.code) == without.end())
      severity = worse(severity, finding.severity);
  }
  return late ? worse(severity, limit_of(report).when_over) : severity;
}

}  // namespace danewatch

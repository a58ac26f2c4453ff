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

Severity gentler(Severity left, Severity right) {
  return is_worse(left, right) ? right : left;
}

struct Weights {
  Severity known = Severity::ok;   // by what was seen
  Severity missed = Severity::ok;  // by what there was no time for
};

// A run that knows nothing is as bad as its operator says. One that knows something is as bad as that, and as the half
// looks it had to leave, but never worse for them than the operator says.
Weights weigh_apart(const Report& report, std::span<const std::string_view> without) {
  const bool late = is_late(report);
  const bool hurried = late && limit_of(report).hurried;
  const bool knows_nothing = late && owed_to_time(report.conclusion, hurried);
  Weights weights;
  if (!knows_nothing) weights.known = severity_of(report.conclusion, report.policy.if_present);
  if (knows_nothing) weights.missed = limit_of(report).when_over;
  for (const Finding& finding : report.findings) {
    if (is_good(finding.severity) || std::ranges::find(without, finding.code) != without.end()) continue;
    if (late && owed_to_time(finding, hurried)) {
      if (!knows_nothing) weights.missed = worse(weights.missed, gentler(finding.severity, limit_of(report).when_over));
    } else {
      weights.known = worse(weights.known, finding.severity);
    }
  }
  return weights;
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
  if (!is_late(report)) return false;
  const auto [known, missed] = weigh_apart(report, {});
  const bool knows_nothing = owed_to_time(report.conclusion, limit_of(report).hurried);
  return exit_status(report.severity) == exit_status(missed) && (knows_nothing || is_worse(missed, known));
}

Severity weigh(const Report& report, std::span<const std::string_view> without) {
  const auto [known, missed] = weigh_apart(report, without);
  return worse(known, missed);
}

}  // namespace danewatch

#include "probe/refused.hpp"

#include <utility>

#include "probe/judge.hpp"

namespace danewatch {

bool is_refused(const Report& report, const TargetPolicy& policy) {
  bool any = false;
  for (const HostEvidence& host : report.dns.hosts) {
    for (const HostAddress& address : host.addresses) {
      if (is_allowed(policy, address.address)) return false;
      any = true;
    }
  }
  return any;
}

Report refused_report(Report report) {
  Report refused = not_run_report(report.target, Reason::refused_by_policy, report.at);
  refused.duration = report.duration;
  refused.policy = std::move(report.policy);
  refused.trust_anchor = std::move(report.trust_anchor);
  refused.dns.lookups = std::move(report.dns.lookups);
  return refused;
}

}  // namespace danewatch

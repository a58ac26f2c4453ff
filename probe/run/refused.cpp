#include "probe/run/refused.hpp"

#include <utility>

#include "probe/judgement/judge.hpp"

namespace danewatch {

bool is_refused(const Report& report, const TargetPolicy& policy) {
  bool any = false;
  for (const HostReport& each : report.hosts) {
    const HostEvidence& host = each.dns;
    for (const HostAddress& address : host.addresses) {
      if (is_allowed(policy, address.address)) return false;
      any = true;
    }
  }
  return any;
}

Report refused_report(const Report& report) {
  Evidence evidence = facts_of(report);
  evidence.run.complete = false;
  evidence.run.timings = {};
  evidence.run.not_looked = NotLooked{NotLooked::Why::refused_by_policy, std::nullopt};
  DnsWalk walk;
  walk.lookups = std::move(evidence.walk.lookups);
  evidence.walk = std::move(walk);
  evidence.hosts.clear();
  evidence.servers = {};
  return judge(std::move(evidence), NoMatcher(), report.policy);
}

}  // namespace danewatch

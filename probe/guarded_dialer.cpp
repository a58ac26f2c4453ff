#include "probe/guarded_dialer.hpp"

#include <algorithm>

#include "probe/judge.hpp"

namespace danewatch {

boost::asio::awaitable<TlsEvidence> GuardedDialer::observe(Endpoint endpoint, Families offer, Deadline deadline) {
  if (is_allowed(policy_, endpoint.address)) {
    TlsEvidence seen = co_await inner_.observe(std::move(endpoint), std::move(offer), deadline);
    co_return seen;
  }
  TlsEvidence refused;
  refused.address = endpoint.address;
  refused.port = endpoint.port;
  refused.fault = Fault::local;
  refused.error = "the configuration forbids this address (allow_targets)";
  co_return refused;
}

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
  evidence.run.not_looked = NotLooked{Reason::refused_by_policy, std::nullopt};
  DnsWalk walk;
  walk.lookups = std::move(evidence.walk.lookups);
  evidence.walk = std::move(walk);
  evidence.hosts.clear();
  return judge(std::move(evidence), NoMatcher(), report.policy);
}

}  // namespace danewatch

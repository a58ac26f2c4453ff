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

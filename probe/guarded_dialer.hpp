// A Dialer that never dials an address the policy forbids.
//
// It stands directly before the socket, so the address that is checked is the one that is dialled, whatever the DNS
// said before or says next. Thread rule: as Dialer.
#pragma once

#include "probe/address_policy.hpp"
#include "probe/dialer.hpp"
#include "probe/report.hpp"

namespace danewatch {

class GuardedDialer final : public Dialer {
 public:
  GuardedDialer(Dialer& inner, const TargetPolicy& policy) : inner_(inner), policy_(policy) {}

  // A forbidden address is Fault::local, not connected to.
  boost::asio::awaitable<TlsEvidence> observe(Endpoint endpoint, Families offer, Deadline deadline) override;

 private:
  Dialer& inner_;
  const TargetPolicy& policy_;
};

// There were addresses to look at, and the policy forbids every one of them.
bool is_refused(const Report& report, const TargetPolicy& policy);

// What is told then: unknown/refused-by-policy, with what the DNS said. Pure.
Report refused_report(const Report& report);

}  // namespace danewatch

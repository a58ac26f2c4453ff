// A Dialer that never dials an address the policy forbids.
//
// It stands directly before the socket, so the address that is checked is the one that is dialled, whatever the DNS
// said before or says next. Thread rule: as Dialer.
#pragma once

#include "probe/observe/address_policy.hpp"
#include "probe/observe/dialer.hpp"

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

}  // namespace danewatch

// Looks at every address of every host, on every view the policy asks for.
//
// Coordinates a Dialer, decides no verdict. Bounded: so many connections at a time, one per address. What a broken
// Dialer throws is kept as a fault of ours on that endpoint and costs no other. Thread rule: one executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "probe/evidence/evidence.hpp"
#include "probe/observe/connection_gate.hpp"
#include "probe/observe/dialer.hpp"
#include "probe/observe/observation_memory.hpp"
#include "probe/report/policy.hpp"

namespace danewatch {

class Clock;

struct Observer {
  Dialer& dialer;
  AddressGate& gate;
  ObservationMemory& memory;
  const Clock& clock;
  Views views = Views::automatic;
  int attempts = 1;
  std::size_t max_connections = 64;
};

// The hosts of `dns` with what they show: by address, and the default view before the others. `dns` and the observer
// must outlive it. Addresses not reached before the deadline are Fault::not_run.
boost::asio::awaitable<std::vector<HostFacts>> observe_all(const Observer& observer, const Target& target,
                                                           const DnsEvidence& dns, Deadline deadline);

// Further connections to addresses that were seen, on the default view: what else they show is added. They, the target
// and the observer must outlive it.
struct AddressLooks {
  const HostEvidence& host;
  std::vector<TlsEvidence>& seen;  // of one address: the default view first
};
boost::asio::awaitable<void> observe_again(const Observer& observer, const Target& target,
                                           std::vector<AddressLooks>& addresses, Deadline deadline);

}  // namespace danewatch

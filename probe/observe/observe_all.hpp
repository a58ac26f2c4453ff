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

}  // namespace danewatch

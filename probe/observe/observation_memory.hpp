// What was seen at an address a moment ago, for the targets that share it.
//
// A provider's customers have one mail server: it is looked at once, not once per customer, and nobody waits for a slow
// one in turn. Keeps a bounded number of observations for a bounded time; never keeps what was cut short or was our own
// fault. Thread rule: one executor's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

#include "probe/observe/dialer.hpp"

namespace danewatch {

class ObservationMemory {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // Zero keeps nothing.
  explicit ObservationMemory(std::chrono::seconds keep_for, std::size_t most = 512);

  // All views of the endpoint, or null. Valid until the next call.
  const std::vector<TlsEvidence>* find(const Endpoint& endpoint, Moment now);

  void keep(const Endpoint& endpoint, const std::vector<TlsEvidence>& seen, Moment now);

 private:
  struct Entry {
    Endpoint endpoint;
    std::vector<TlsEvidence> seen;
    Moment when;
  };

  std::chrono::seconds keep_for_;
  std::size_t most_;
  std::deque<Entry> entries_;  // the oldest first
};

}  // namespace danewatch

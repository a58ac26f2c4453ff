// What was seen at an address a moment ago, for the targets that share it.
//
// A provider's customers have one mail server: it is looked at once, not once per customer, and nobody waits for a slow
// one in turn. Keeps a bounded number of observations for a bounded time, those asked for last; never keeps what was
// cut short or was our own fault. Thread rule: one executor's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "probe/observe/dialer.hpp"

namespace danewatch {

class ObservationMemory {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  struct Limits {
    std::chrono::seconds keep_for{0};           // zero keeps nothing
    std::chrono::seconds keep_failures_for{0};  // what may be better soon; at most as long
    std::size_t most = 512;
  };

  explicit ObservationMemory(Limits limits);

  // All views of the endpoint, or null. Valid until the next call.
  const std::vector<TlsEvidence>* find(const Endpoint& endpoint, Moment now);

  void keep(const Endpoint& endpoint, const std::vector<TlsEvidence>& seen, Moment now);

 private:
  struct Entry {
    std::string key;
    std::vector<TlsEvidence> seen;
    Moment until;
  };

  Limits limits_;
  std::list<Entry> entries_;  // the one asked for longest ago first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
};

}  // namespace danewatch

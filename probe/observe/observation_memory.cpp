#include "probe/observe/observation_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "probe/evidence/predicates.hpp"

namespace danewatch {
namespace {

bool says_something(const TlsEvidence& evidence) {
  constexpr std::array ours = {Fault::no_ipv6, Fault::no_descriptor, Fault::local, Fault::not_run};
  return std::ranges::find(ours, evidence.fault) == ours.end();
}

bool may_be_better_soon(const std::vector<TlsEvidence>& seen) {
  return std::ranges::any_of(seen, [](const TlsEvidence& evidence) { return is_temporary(evidence.fault); });
}

std::string key_of(const Endpoint& endpoint) {
  return fmt::format("{} {} {} {} {}", to_string(endpoint.address), endpoint.port, endpoint.service->name, endpoint.sni,
                     endpoint.domain);
}

}  // namespace

ObservationMemory::ObservationMemory(Limits limits) : limits_(limits) {}

const std::vector<TlsEvidence>* ObservationMemory::find(const Endpoint& endpoint, Moment now) {
  const auto found = by_key_.find(key_of(endpoint));
  if (found == by_key_.end()) return nullptr;
  const auto entry = found->second;
  if (entry->until <= now) {
    by_key_.erase(found);
    entries_.erase(entry);
    return nullptr;
  }
  entries_.splice(entries_.end(), entries_, entry);
  return &entry->seen;
}

void ObservationMemory::keep(const Endpoint& endpoint, const std::vector<TlsEvidence>& seen, Moment now) {
  if (limits_.keep_for.count() == 0 || !std::ranges::all_of(seen, says_something)) return;
  const auto time = may_be_better_soon(seen) ? limits_.keep_failures_for : limits_.keep_for;
  const std::string key = key_of(endpoint);
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    entries_.erase(known->second);
    by_key_.erase(known);
  }
  if (entries_.size() >= limits_.most) {
    by_key_.erase(entries_.front().key);
    entries_.pop_front();
  }
  by_key_[key] = entries_.insert(entries_.end(), {key, seen, now + time});
}

}  // namespace danewatch

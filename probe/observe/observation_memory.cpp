#include "probe/observe/observation_memory.hpp"

#include <algorithm>
#include <array>

namespace danewatch {
namespace {

bool says_something(const TlsEvidence& evidence) {
  constexpr std::array ours = {Fault::no_ipv6, Fault::no_descriptor, Fault::local, Fault::not_run};
  return std::ranges::find(ours, evidence.fault) == ours.end();
}

}  // namespace

ObservationMemory::ObservationMemory(std::chrono::seconds keep_for, std::size_t most)
    : keep_for_(keep_for), most_(most) {}

const std::vector<TlsEvidence>* ObservationMemory::find(const Endpoint& endpoint, Moment now) {
  while (!entries_.empty() && entries_.front().when + keep_for_ <= now) entries_.pop_front();
  const auto entry = std::ranges::find(entries_, endpoint, &Entry::endpoint);
  return entry == entries_.end() ? nullptr : &entry->seen;
}

void ObservationMemory::keep(const Endpoint& endpoint, const std::vector<TlsEvidence>& seen, Moment now) {
  if (keep_for_.count() == 0 || !std::ranges::all_of(seen, says_something)) return;
  std::erase_if(entries_, [&](const Entry& entry) { return entry.endpoint == endpoint; });
  if (entries_.size() >= most_) entries_.pop_front();
  entries_.push_back({endpoint, seen, now});
}

}  // namespace danewatch

// What to look at once more before a record is called left over.
//
// One connection shows one server, and behind a load balancer others may hold other keys. Names addresses, looks at
// nothing. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

struct LookPlace {
  std::size_t host = 0;      // index into the report's hosts
  std::size_t endpoint = 0;  // of the default view of an address

  bool operator==(const LookPlace&) const = default;
};

// The addresses of hosts with a record that matches nothing, though all that was to be seen was seen.
std::vector<LookPlace> more_to_look(const Report& report);

// Everything seen at the address of the place, the default view first.
std::vector<TlsEvidence> looks_at(const Report& report, const LookPlace& place);

struct PlaceLooks {
  LookPlace place;
  std::vector<TlsEvidence> seen;
};

// The facts of the report, with what was seen at these places by now; the places as more_to_look() orders them.
Evidence with_looks(const Report& report, const std::vector<PlaceLooks>& places);

}  // namespace danewatch

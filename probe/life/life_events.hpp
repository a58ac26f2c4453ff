// Inner: the events of one look.
//
// Thread rule: pure.
#pragma once

#include <vector>

#include "probe/life/life.hpp"

namespace danewatch {

struct Looked {
  const Life& life;                   // with what this look added, without what it ended
  const std::vector<Interval>& gone;  // what it ended
  const Sight& sight;
  SysTime looked_before{};      // the look before this one
  std::uint64_t first_new = 1;  // ids from here on began now
};

std::vector<Event> events_of(const Looked& looked);

}  // namespace danewatch

// A plan from reports: what each of them saw of its hosts, and of each name server by itself.
//
// What was not seen is a step that is not known, never one that is done. Thread rule: values and pure functions.
#pragma once

#include <span>
#include <vector>

#include "probe/rollover/plan.hpp"

namespace danewatch {

struct SeenTarget {
  const Report* report = nullptr;   // never null
  const Life* life = nullptr;       // with this report in it; never null
  std::vector<Answer> elsewhere{};  // to other_ports_of() the report
};

// What each name server of the zone of the host's TLSA records hands out now, and since when.
std::vector<ServedSince> served_for(const SeenTarget& seen, const HostReport& host);

// `all_named`: every port and host that uses these records, or changes its key, is among the targets.
struct Wanted {
  std::span<const NextKey> next;  // every key that the servers show afterwards
  bool all_named = false;
};

Plan plan_for(std::span<const SeenTarget> targets, const Wanted& wanted, SysTime now);

}  // namespace danewatch

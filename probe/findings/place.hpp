// Inner: where in the report a host's findings belong.
//
// Never looks at what a finding says. Thread rule: pure functions.
#pragma once

#include <span>

#include "probe/report/report.hpp"

namespace danewatch {

// What `find` adds about a host is about the one it was called for: two may have one name (SRV, two ports).
template <class Find>
void in_each_host(const Report& report, std::vector<Finding>& found, Find find) {
  for (std::size_t index = 0; index < report.hosts.size(); ++index) {
    const std::size_t before = found.size();
    find(report.hosts[index], found);
    for (Finding& finding : std::span(found).subspan(before)) {
      if (finding.host) finding.place.host = index;
    }
  }
}

}  // namespace danewatch

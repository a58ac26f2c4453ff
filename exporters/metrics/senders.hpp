// Metrics of what other mail servers reported.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "exporters/metrics/metric_family.hpp"
#include "probe/life/sender_totals.hpp"

namespace danewatch {

struct SenderCounts {
  const SenderTotals& totals;
  const std::map<RejectReason, std::uint64_t>& rejected;
  std::uint64_t unauthenticated = 0;
  bool up = false;
};

// `watched`: names of targets and of their servers. Of no other domain there are series: strangers choose them.
std::vector<Family> sender_families(const SenderCounts& counts,
                                    const std::function<bool(const std::string& domain)>& watched);

}  // namespace danewatch

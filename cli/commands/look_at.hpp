// Looks at targets once, side by side, with a resolver of its own whose cache begins empty.
//
// Throws where nothing can be looked at (no trust anchor). Thread rule: one thread.
#pragma once

#include <vector>

#include "cli/options/options.hpp"
#include "probe/report/report.hpp"
#include "probe/run/probe.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {

// As the operator wants it looked at. `transport` outlives the probe.
ProbeOptions probe_options(const CheckOptions& options, const UnboundResolver& resolver, ServerTransport& transport);

struct TargetLook {
  Report report;
  std::vector<Answer> elsewhere;  // TLSA at other ports of its hosts
};

std::vector<TargetLook> look_at(const CheckOptions& options);  // in the order of its targets

}  // namespace danewatch

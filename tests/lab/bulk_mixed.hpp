// A world for benchmarks with every protocol and every tenth host at fault.
//
// h1.bulk.lab, h2.bulk.lab, … are served by one wildcard endpoint per protocol, as in bulk.hpp; those at fault by
// endpoints of their own. Thread rule: pure functions.
#pragma once

#include "tests/lab/bulk.hpp"

namespace danewatch::lab {

// Its targets are mail domains, URLs and XMPP domains in turn. `silent_percent` and `zones` do not count here.
World mixed_world(const BulkOptions& options);

}  // namespace danewatch::lab

// What a record is to all endpoints of its host (DESIGN 5).
//
// Thread rule: pure functions.
#pragma once

#include <span>
#include <vector>

#include "probe/report.hpp"

namespace danewatch {

// States of a host's records (DESIGN 5), parallel to host.tlsa. `cells` is endpoint x record.
std::vector<RecordState> record_states(const HostEvidence& host, std::span<const TlsEvidence> tls,
                                       std::span<const EndpointJudgement> endpoints, const HostMatches& matches,
                                       const Policy& policy);

// Something of the host was not looked at, so that a record without a match may still be in use.
bool all_observed(const HostEvidence& host, std::span<const TlsEvidence> tls, const Policy& policy);

}  // namespace danewatch

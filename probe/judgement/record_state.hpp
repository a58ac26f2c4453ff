// Inner: what a record is to all endpoints of its host.
//
// Thread rule: pure functions.
#pragma once

#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// In the order of the records. The host's endpoints are judged.
std::vector<RecordState> record_states(const HostReport& host, const Policy& policy);

// Something of the host was not looked at, so that a record without a match may still be in use.
bool all_observed(const HostReport& host, const Policy& policy);

// A record without a match would be called left over, if only further connections had shown nothing new.
bool awaits_another_look(const HostReport& host, const Policy& policy);

}  // namespace danewatch

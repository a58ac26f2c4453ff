// Inner: records for everything that is shown where a host's records stand.
//
// For advice that makes records count which did not: from then on whatever has no record of its own is refused, at
// every address and by every host that has the same records. Thread rule: pure functions.
#pragma once

#include <vector>

#include "probe/findings/inner.hpp"

namespace danewatch {

// No client can use any of the host's records.
bool all_unusable(const HostReport& host);
// The record matches what some endpoint shows, so it must stay.
bool matches_somewhere(const HostReport& host, const RecordReport& record);

// One step for each certificate the host shows; before them, in words, what has to be looked at first because it was
// not seen, and where TLS has to work first. Empty: nothing was shown.
std::vector<Step> publish_in_use(const Report& report, const HostReport& host);
// The same for every host of the report whose records stand at the same name; first, where others may live by that name
// too, those.
std::vector<Step> publish_all_in_use(const Report& report, const HostReport& host);

// What to do about a record that no client can use where there is no other: publish those for what is shown, and then
// remove it. Without any record TLS would not even be demanded any more (RFC 7672 2.2).
Remedy replacement_by_all_in_use(const Report& report, const HostReport& host, const RecordReport& record);

}  // namespace danewatch

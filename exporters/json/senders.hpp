// What senders reported, as one compact JSON object; docs/tlsrpt.schema.json tells its members.
//
// Pure. Unknown is null, never 0 or "".
#pragma once

#include <string>

#include "probe/life/sender_tally.hpp"

namespace danewatch {

std::string to_json(const SenderSummary& summary);  // danewatch.tlsrpt/1

}  // namespace danewatch

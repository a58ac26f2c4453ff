// What senders reported, for people at a terminal.
//
// Pure. Everything from the network is escaped.
#pragma once

#include <string>

#include "exporters/text/text.hpp"
#include "probe/life/sender_tally.hpp"

namespace danewatch {

// Per domain and day, the latest day of each domain first; ends with a newline.
std::string to_text(const SenderSummary& summary, const TextOptions& options);

}  // namespace danewatch

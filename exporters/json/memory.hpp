// What memory knows, as JSON: events and histories.
//
// Pure. One object each, no newline inside or at the end. Unknown is null.
#pragma once

#include <span>
#include <string>

#include "probe/life/archive.hpp"

namespace danewatch {

std::string to_json(const KeptEvent& event);  // danewatch.event/1
std::string to_json(const std::string& target, const Life& life,
                    std::span<const KeptEvent> events);  // danewatch.history/1

}  // namespace danewatch

// Pure: the body of /metrics: every target's rendered samples, family after family.
//
// Made piece by piece from a snapshot, so that a body of many megabytes never stands in memory. Pure.
#pragma once

#include <string>

#include "exporters/board/entry.hpp"
#include "exporters/http/message.hpp"

namespace danewatch {

// `self` comes first as it is.
BodySource metrics_page(std::string self, BoardView targets);

}  // namespace danewatch

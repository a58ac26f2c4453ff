// Prometheus' HTTP service discovery of the configured targets.
//
// Pure.
#pragma once

#include <functional>
#include <string>

#include "exporters/board/entry.hpp"

namespace danewatch {

// [{"targets":["example.org"],"labels":{"__param_module":"smtp","team":"mail"}}]
std::string to_discovery(const BoardView& targets);

// The same in pieces of some 64 kB; an empty one is the end.
std::function<std::string()> discovery_pieces(BoardView targets);

}  // namespace danewatch

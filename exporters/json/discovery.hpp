// Prometheus' HTTP service discovery of the configured targets.
//
// Pure.
#pragma once

#include <string>

#include "exporters/board/entry.hpp"

namespace danewatch {

// [{"targets":["example.org"],"labels":{"__param_module":"smtp","team":"mail"}}]
std::string to_discovery(const BoardView& targets);

}  // namespace danewatch

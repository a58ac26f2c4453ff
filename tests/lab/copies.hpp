// Scenes many times over, each copy with names, zones, keys and servers of its own.
//
// Thread rule: pure function.
#pragma once

#include <vector>

#include "tests/lab/scene.hpp"

namespace danewatch::lab {

// Each scene as NAME-1 … NAME-N, and its zones outside of NAME.lab likewise; for N = 1 the scenes as they are.
std::vector<Scene> copies_of(const std::vector<Scene>& scenes, int n);

}  // namespace danewatch::lab

// What a running lab of scenes holds, as JSON for scripts: zones, servers and what is to be checked.
//
// Thread rule: pure functions.
#pragma once

#include <filesystem>
#include <string>

#include "tests/lab/world.hpp"

namespace danewatch::lab {

// {"zones": [{"origin", "server"}], "endpoints": [{"scene", "host", "address", "port"}],
//  "checks": [{"scene", "target", "args", "trust"}], "acts": {SCENE: [ACT…]}}. `server`: who hears of a change at once.
std::string describe(const World& world);

std::filesystem::path world_path(const std::filesystem::path& dir);

}  // namespace danewatch::lab

// Compares what danewatch says about a scene with what the scene expects.
//
// Thread rule: pure functions, but for check_all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/lab/lab.hpp"

namespace danewatch::lab {

// "danewatch check --json stale.lab --next …"
std::vector<std::string> command_of(const Check& check, const std::filesystem::path& danewatch, bool json);

// One sentence each; empty: as expected. `json` is the report's line.
std::vector<std::string> differences(const Expectation& expect, int status, const std::string& json);

// Runs danewatch on every check, prints what differs; the number of checks that differ.
std::size_t check_all(const Lab& lab, const std::filesystem::path& danewatch, std::size_t jobs, bool quiet);

// The same by one danewatch that looks at all targets at the same time, as far as they need no further words on the
// command line. Nothing may take longer than a run may, lose what the DNS says or make a sanitizer speak.
std::size_t check_at_once(const Lab& lab, const std::filesystem::path& danewatch);

// Runs danewatch on every scene for people to read.
void demonstrate(const Lab& lab, const std::vector<Scene>& scenes, const std::filesystem::path& danewatch);

}  // namespace danewatch::lab

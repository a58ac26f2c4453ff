// Which Debian this is, and which packages our libraries come from.
//
// Reads /etc/os-release and dpkg's own list; runs nothing. Thread rule: pure, but for the files.
#pragma once

#include <filesystem>
#include <vector>

#include "probe/judgement/known_faults.hpp"

namespace danewatch {

// libunbound and OpenSSL. A package that is not of the version in use (a library built by hand) is none.
std::vector<LibraryInUse> libraries_in_use(const std::filesystem::path& root = "/");

}  // namespace danewatch

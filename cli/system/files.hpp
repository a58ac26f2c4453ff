// Files the operator names, read whole and bounded.
#pragma once

#include <string>

namespace danewatch {

// Reads at most 64 MiB. "-" is standard input. Throws UsageError "OPTION FILE: why".
std::string read_file(const std::string& option, const std::string& path);

}  // namespace danewatch

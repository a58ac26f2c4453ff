// danewatch-lab as a function: options in, exit status out.
//
// Thread rule: call once, before any thread starts.
#pragma once

#include <string>
#include <vector>

namespace danewatch::lab {

// The command's exit status; 1 a failed check, 3 namespaces are forbidden here, 64 wrong usage or scenes, 70 the lab
// cannot start.
int run(const std::vector<std::string>& arguments);

}  // namespace danewatch::lab

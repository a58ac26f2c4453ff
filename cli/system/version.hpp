// The version of danewatch and of what it is made of.
//
// Thread rule: pure, but for asking the libraries.
#pragma once

#include <string>

namespace danewatch {

// "danewatch 0.1.0", and with `verbose` a line for each library in use.
std::string version_text(bool verbose);

}  // namespace danewatch

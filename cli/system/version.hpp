// The version of danewatch and of what it is made of.
//
// Thread rule: pure, but for asking the libraries.
#pragma once

#include <map>
#include <string>

namespace danewatch {

// "danewatch 0.1.0", and with `verbose` a line for each library in use.
std::string version_text(bool verbose);

// Those whose word evidence rests on, and their versions.
std::map<std::string, std::string> libraries_that_look();

}  // namespace danewatch

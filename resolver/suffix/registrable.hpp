// To whom a name belongs: the registrable domain by the Public Suffix List.
//
// libpsl's own copy of the list; asks nobody. Thread rule: any thread.
#pragma once

#include <string>

namespace danewatch {

// "example.co.uk" of "mx1.eu.example.co.uk"; the name itself where it is a public suffix. A-labels.
std::string registrable_domain(const std::string& name);

}  // namespace danewatch

// The one style and the one script of every page, allowed by their hash.
//
// Both are constants without "</". Thread rule: immutable.
#pragma once

#include <string_view>

namespace danewatch::page {

std::string_view style();

// Shows the copy buttons and makes them work; loads the page again while nobody is using it.
std::string_view script();

}  // namespace danewatch::page

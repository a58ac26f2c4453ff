// Recent runs as one short line of text, kept beside a life for whoever shows them.
//
// A run that ended as the one before it did costs a few octets. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/life/history.hpp"

namespace danewatch {

std::string packed(const std::vector<HistoryEntry>& runs);

// Up to the first run that it does not understand; at most a thousand.
std::vector<HistoryEntry> unpacked(std::string_view text);

}  // namespace danewatch

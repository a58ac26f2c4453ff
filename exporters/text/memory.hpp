// What memory knows of a target, for people: its history, what changed, and a mail about it.
//
// Pure: colour and width are arguments. Everything from the network is escaped.
#pragma once

#include <span>
#include <string>

#include "exporters/text/text.hpp"
#include "probe/life/archive.hpp"
#include "probe/life/life.hpp"

namespace danewatch {

// What became of each record, one paragraph each; empty where no record was ever seen.
std::string records_text(const Life& life, const TextOptions& options);

// `danewatch history`.
std::string history_text(const std::string& target, const Life& life, std::span<const KeptEvent> events,
                         const TextOptions& options);

// `danewatch changes`, oldest first.
std::string changes_text(std::span<const KeptEvent> events, const TextOptions& options);

// What a mail must say after this look: what changed, what it means, how it stands and what to do. Empty: nothing to
// tell. `life` is with the look that gave `change`.
std::string mail_text(const Report& report, const Life& life, const Change& change, const TextOptions& options);

}  // namespace danewatch

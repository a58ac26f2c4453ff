// A plan of a rollover, how far records have spread, and the answer of one gate, for people and scripts.
//
// Pure: colour and width are arguments. Everything from the network is escaped.
#pragma once

#include <span>
#include <string>

#include "exporters/text/text.hpp"
#include "probe/rollover/spread.hpp"

namespace danewatch {

std::string plan_text(const Plan& plan, const TextOptions& options);

std::string spread_text(std::span<const RecordSpread> records, const TextOptions& options);

// "yes", "not yet: not before 2026-01-31T12:00:00Z: WHY", "no: WHY" or "unknown: WHY", one line without its end.
std::string answer_line(const RolloverStep& step);
// The same, and below it the whole lines of records that are to be added or removed now.
std::string answer_text(const RolloverStep& step);

}  // namespace danewatch

// Remedies as they are counted over a whole report, and what of one is zone lines.
//
// The number is what `check --remedy` takes; JSON and --explain show it. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch::words {

struct NumberedRemedy {
  std::size_t number = 0;  // from 1, in the order of the findings
  const Finding* finding = nullptr;
  const Remedy* remedy = nullptr;
};

// They point into the report.
std::vector<NumberedRemedy> numbered_remedies(const Report& report);

// The additions and removals that come before anything else has to be done: steps stand in the order in which they are
// safe, so nothing after a step in words is among them.
std::span<const Step> zone_steps(const Remedy& remedy);

// "if this is an old key"; empty: always.
std::string condition_clause(const Remedy& remedy);

}  // namespace danewatch::words

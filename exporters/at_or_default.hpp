// Reading the parallel vectors of a report.
//
// A report made without a run (a bad target line, the deadline) has evidence for fewer hosts or endpoints than
// another vector names: what is missing reads as a value of unknowns. Thread rule: pure.
#pragma once

#include <cstddef>
#include <vector>

namespace danewatch {

template <class Value>
const Value& at_or_default(const std::vector<Value>& values, std::size_t index) {
  static const Value none{};
  return index < values.size() ? values[index] : none;
}

}  // namespace danewatch

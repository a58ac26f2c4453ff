// What the tests of the program share: the program itself, called with words, and a folder for its files.
//
// No network is asked here. Thread rule: one call, one child, waited for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

namespace danewatch {

// Runs the program built beside the tests, to its end.
inline Finished danewatch(std::vector<std::string> arguments, std::string input = {}) {
  Start start;
  start.arguments = std::move(arguments);
  start.arguments.insert(start.arguments.begin(), DANEWATCH_BINARY);
  start.input = std::move(input);
  return run_process(start);
}

}  // namespace danewatch

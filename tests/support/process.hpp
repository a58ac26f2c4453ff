// Runs a program and collects what it says.
//
// No shell. Thread rule: one call, one child, waited for.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace danewatch {

struct Finished {
  std::string out;
  std::string err;
  int status = -1;  // exit status, or 128 + the signal's number
};

struct Start {
  std::vector<std::string> arguments;         // the program's path first
  std::string input;                          // standard input
  std::vector<std::string> environment = {};  // NAME=VALUE; nothing is inherited
  bool close_output = false;                  // the reader of standard output is gone before the program starts
  std::string output_file = {};               // standard output goes there instead
  std::function<void(pid_t)> meanwhile = {};  // called while the program runs and nobody reads what it says yet
};

// Throws std::runtime_error if the program cannot be started.
Finished run_process(const Start& start);

// Octets of the longest line.
std::size_t widest_line(std::string_view text);

}  // namespace danewatch

// The command line of danewatch-lab.
//
// Thread rule: values and a pure function.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace danewatch::lab {

struct Options {
  enum class Mode { run, check, demo, list, help };
  Mode mode = Mode::run;
  std::filesystem::path danewatch;  // empty: beside the build directory's tests/
  std::vector<std::string> scenes;  // files, each with the names wanted of it: "FILE[:NAME,NAME]"; empty: the one of
                                    // the source tree
  std::vector<std::string> names;   // of scenes
  std::vector<std::string> command;
  bool quiet = false;
  bool resolver = false;
  bool at_once = false;
  int copies = 1;
  int jobs = 4;
  int bulk = 0;
  int bulk_zones = 1;
  int providers = 0;
  bool mixed = false;
  int latency_ms = 0;
  int dns_latency_ms = 0;
  int silent_percent = 0;
  int turn_seconds = 0;
  std::string listen;  // "ADDRESS:PORT" outside of the lab, for the command
};

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

extern const char* const usage;

// Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments);

}  // namespace danewatch::lab

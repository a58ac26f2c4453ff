// What the tests of the program share: the program itself, called with words, and a folder for its files.
//
// No network is asked here. Thread rule: one call, one child, waited for.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.hpp"

namespace danewatch {

// Runs the program built beside the tests, to its end.
inline Finished danewatch(std::vector<std::string> arguments, std::string input = {}) {
  Start start;
  start.arguments = std::move(arguments);
  start.arguments.insert(start.arguments.begin(), DANEWATCH_BINARY);
  start.input = std::move(input);
  return run_process(start);
}

// A directory of its own for the files of one test.
class Scratch {
 public:
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "danewatch-test-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(path_); }

  std::string path(const std::string& name) const { return path_ / name; }
  std::string folder(const std::string& name) const {
    std::filesystem::create_directory(path_ / name);
    return path_ / name;
  }

  std::string file(const std::string& name, const std::string& content) const {
    const auto path = path_ / name;
    std::ofstream(path) << content;
    return path;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace danewatch

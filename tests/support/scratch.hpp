// A folder for the files of one test; gone with it.
//
// Thread rule: one test, one thread.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace danewatch {

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

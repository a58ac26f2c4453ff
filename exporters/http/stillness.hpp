// Pure: whether a file that changed has been left alone, so that what is read of it is the whole of it.
//
// Never looks at a file or a clock itself: what was seen, and when, are arguments. Thread rule: one owner.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace danewatch {

// One look at a file, or at several that belong together.
struct FileLook {
  std::string stamp;                            // another one when anything of it changed
  std::optional<std::chrono::nanoseconds> age;  // since the latest change, by the file system's clock; or unknown

  bool operator==(const FileLook&) const = default;
};

// Both together: as young as the younger of them.
FileLook operator+(const FileLook& one, const FileLook& other);

class Stillness {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Stillness(std::chrono::milliseconds settle) : settle_(settle) {}

  // It does if its latest change is `settle` ago, or if it looked the same for as long: the first saves a second look,
  // the second trusts no clock of a file system.
  bool stands(const FileLook& look, Time now);
  void forget() { seen_.reset(); }

 private:
  std::chrono::milliseconds settle_;
  std::optional<std::string> seen_;
  Time since_;
};

// How long a configuration has to stand still. Editors, cp and > need milliseconds from the empty file to the full one.
constexpr std::chrono::milliseconds file_settles{500};

}  // namespace danewatch

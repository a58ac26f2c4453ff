// Faults of the libraries that read what strangers send, and the versions that mend them.
//
// A table with a date, not an oracle: what became known later is not in it. Asks nothing. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/report/verdict.hpp"

namespace danewatch {

struct LibraryInUse {
  std::string name;                    // "libunbound" or "OpenSSL"
  std::string version;                 // as it says itself
  std::optional<std::string> package;  // Debian's version of it, where dpkg knows that
  int release = 0;                     // of Debian: 12, 13; 0: another system

  bool operator==(const LibraryInUse&) const = default;
};

// What is known against a library; empty where nothing is.
struct LibraryFaults {
  Severity severity = Severity::ok;  // warning: this release has an update; info: it had none when the table was made
  std::string text;                  // a sentence
  std::string fix;

  bool operator==(const LibraryFaults&) const = default;
};

std::optional<LibraryFaults> known_faults(const LibraryInUse& library);

// As dpkg orders versions (deb-version(7)): below 0, 0, above 0.
int compare_debian_versions(std::string_view left, std::string_view right);

}  // namespace danewatch

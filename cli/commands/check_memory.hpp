// What one run with `--state` remembers.
//
// The file is held from the beginning to the end, so that two runs on one file do not tell the same change twice. What
// was seen is kept in one piece at the end. Throws ArchiveError. Thread rule: one thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probe/report/report.hpp"
#include "store/sqlite/sqlite_archive.hpp"

namespace danewatch {

// Throws ArchiveError "--state FILE: why".
std::unique_ptr<Archive> open_state(const std::string& path, ArchiveFile file, std::chrono::milliseconds patience);

// Another run on the same file, of another line of the same crontab, may take as long as its timeout.
inline constexpr std::chrono::seconds memory_patience{60};

class CheckMemory {
 public:
  // `patience`: how long to wait for another program that has the file.
  CheckMemory(const std::string& file, std::chrono::milliseconds patience);

  struct Looked {
    const Life& life;  // with this look
    Change change;
  };
  Looked look(const Report& report);

  void keep(SysTime now);  // all of it, or nothing; what is older than 400 days is forgotten

 private:
  std::unique_ptr<Archive> archive_;
  std::map<std::string, Life> lives_;
  Archive::Changes changes_;
  SysTime looked_before_{};  // the latest look that was kept
};

}  // namespace danewatch

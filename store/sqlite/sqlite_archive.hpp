// Lives and events in one SQLite file: an Archive.
//
// One connection, which has the file for itself: a second danewatch gets a sentence. A file that is not ours, newer
// than we are or damaged is refused and stays as it is. Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "probe/life/archive.hpp"

namespace danewatch {

enum class ArchiveFile {
  create,  // where there is none
  existing
};

class SqliteArchive final : public Archive {
 public:
  // Throws ArchiveError, at once or after `patience` where another program has the file. ":memory:" is kept nowhere.
  SqliteArchive(std::string path, ArchiveFile file, std::chrono::milliseconds patience = std::chrono::milliseconds(0));
  ~SqliteArchive() override;

  void keep(const Changes& changes) override;
  std::optional<Life> load(const std::string& target) override;
  std::vector<std::string> targets() override;
  std::vector<KeptEvent> events(const EventQuery& query) override;
  void forget(SysTime before) override;

 private:
  class Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace danewatch

#include "cli/commands/check_memory.hpp"

namespace danewatch {

std::unique_ptr<Archive> open_state(const std::string& path, ArchiveFile file, std::chrono::milliseconds patience) {
  try {
    return std::make_unique<SqliteArchive>(path, file, patience);
  } catch (const ArchiveError& error) {
    throw ArchiveError(std::string("--state ") + error.what());
  }
}

CheckMemory::CheckMemory(const std::string& file, std::chrono::milliseconds patience)
    : archive_(open_state(file, ArchiveFile::create, patience)) {}

CheckMemory::Looked CheckMemory::look(const Report& report) {
  const std::string key = life_key(report.target);
  auto known = lives_.find(key);
  if (known == lives_.end()) {
    known = lives_.emplace(key, archive_->load(key).value_or(Life{})).first;
    looked_before_ = std::max(looked_before_, known->second.head.last_looked);
  }
  Life& life = known->second;
  Change change = add(life, report);
  changes_.emplace_back(key, change);
  return {life, std::move(change)};
}

// A clock that is far ahead of the last look would have all of it forgotten.
void CheckMemory::keep(SysTime now) {
  archive_->keep(changes_);
  if (is_near_to(looked_before_, now)) archive_->forget(now - kept_by_default);
  changes_.clear();
}

}  // namespace danewatch

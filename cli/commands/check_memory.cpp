#include "cli/commands/check_memory.hpp"

#include "exporters/text/memory.hpp"

namespace danewatch {
namespace {

// Another run on the same file, of another line of the same crontab, may take as long as its timeout.
constexpr std::chrono::seconds patience{60};

}  // namespace

std::unique_ptr<Archive> open_state(const std::string& path, ArchiveFile file,
                                    std::chrono::milliseconds patience_there) {
  try {
    return std::make_unique<SqliteArchive>(path, file, patience_there);
  } catch (const ArchiveError& error) {
    throw ArchiveError(std::string("--state ") + error.what());
  }
}

CheckMemory::CheckMemory(const std::string& file) : archive_(open_state(file, ArchiveFile::create, patience)) {}

CheckMemory::Remembered CheckMemory::remember(const Report& report, const TextOptions& options) {
  const std::string key = life_key(report.target);
  auto known = lives_.find(key);
  if (known == lives_.end()) {
    known = lives_.emplace(key, archive_->load(key).value_or(Life{})).first;
    looked_before_ = std::max(looked_before_, known->second.head.last_looked);
  }
  Life& life = known->second;
  const Change change = add(life, report);
  Remembered remembered{mail_text(report, life, change, options), records_text(life, options)};
  changes_.emplace_back(key, change);
  return remembered;
}

// A clock that is far ahead of the last look would have all of it forgotten.
void CheckMemory::keep(SysTime now) {
  archive_->keep(changes_);
  if (is_near_to(looked_before_, now)) archive_->forget(now - kept_by_default);
  changes_.clear();
}

}  // namespace danewatch

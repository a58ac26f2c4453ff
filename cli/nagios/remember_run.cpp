#include <fmt/format.h>

#include "cli/nagios/nagios.hpp"
#include "exporters/words/memory_words.hpp"
#include "store/sqlite/sqlite_archive.hpp"

namespace danewatch {
namespace {

// A record that is in use is no news in a status.
std::vector<std::string> sentences(const Life& life) {
  std::vector<std::string> lines;
  for (const RecordLife& each : record_lives(life)) {
    const bool is_news = each.state == RecordLife::State::former || each.state == RecordLife::State::unused;
    if (!is_news) continue;
    lines.push_back(fmt::format("TLSA {} of {}: {}", words::short_record(each.record), each.server, words::life(each)));
  }
  return lines;
}

}  // namespace

std::vector<std::string> remember_run(const std::string& file, const Report& report,
                                      std::chrono::milliseconds patience) {
  try {
    SqliteArchive archive(file, ArchiveFile::create, patience);
    const std::string key = life_key(report.target);
    Life life = archive.load(key).value_or(Life{});
    const SysTime before = life.head.last_looked;
    const Change change = add(life, report);
    archive.keep({{key, change}});
    if (is_near_to(before, report.at)) archive.forget(report.at - kept_by_default);
    return sentences(life);
  } catch (const std::exception& error) {
    return {fmt::format("nothing is remembered of this run: --state {}", error.what())};
  }
}

}  // namespace danewatch

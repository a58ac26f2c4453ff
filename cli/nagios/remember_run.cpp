#include "cli/commands/check_memory.hpp"
#include "cli/nagios/nagios.hpp"
#include "exporters/words/memory_words.hpp"

namespace danewatch {
namespace {

// A record that is in use is no news in a status.
std::vector<std::string> sentences(const Life& life) {
  std::vector<std::string> lines;
  for (const RecordLife& each : record_lives(life)) {
    const bool is_news = each.state == RecordLife::State::former || each.state == RecordLife::State::unused;
    if (is_news) lines.push_back(words::record_and_life(each));
  }
  return lines;
}

}  // namespace

std::vector<std::string> remember_run(const std::string& file, const Report& report,
                                      std::chrono::milliseconds patience) {
  try {
    CheckMemory memory(file, patience);
    const Life& life = memory.look(report).life;
    memory.keep(report.at);
    return sentences(life);
  } catch (const std::exception& error) {
    return {std::string("nothing is remembered of this run: ") + error.what()};
  }
}

}  // namespace danewatch

// `history` and `changes`: what is remembered, read and told.

#include <fmt/format.h>

#include <algorithm>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/check_memory.hpp"
#include "cli/commands/commands.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/output.hpp"
#include "exporters/json/memory.hpp"
#include "exporters/text/memory.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

constexpr std::chrono::seconds patience{10};  // a `check` that ends soon; `serve` does not

std::string nothing_known(const std::string& target, const std::string& state, const std::vector<std::string>& known) {
  constexpr std::size_t most = 5;
  std::string list;
  for (std::size_t i = 0; i < std::min(known.size(), most); ++i) list += (i == 0 ? "" : ", ") + known[i];
  if (known.size() > most) list += fmt::format(" and {} more", known.size() - most);
  return escape_for_terminal(fmt::format("{}: not remembered in {}, which {}", target, state,
                                         known.empty() ? "remembers no target" : "remembers " + list));
}

}  // namespace

int run_history(const HistoryOptions& options) {
  const auto archive = open_state(options.state, ArchiveFile::existing, patience);
  const TextOptions text = output_style(options.no_color);
  int status = 0;
  std::string out;
  for (const Target& target : options.targets) {
    const std::string key = life_key(target);
    const auto life = archive->load(key);
    if (!life) {
      write_error(nothing_known(key, options.state, archive->targets()));
      status = exit_unknown;
      continue;
    }
    const auto events = archive->events({.target = key});
    if (!out.empty() && !options.json) out += "\n";
    out += options.json ? to_json(key, *life, events) + "\n" : history_text(key, *life, events, text);
  }
  write_output(out);
  return status;
}

int run_changes(const ChangesOptions& options) {
  const auto archive = open_state(options.state, ArchiveFile::existing, patience);
  const SysTime since = options.since_time.value_or(SystemClock().now() - options.since);
  const auto events = archive->events({.since = since, .most = 100000});
  if (options.json) {
    for (const KeptEvent& each : events) write_output(to_json(each) + "\n");
  } else {
    write_output(changes_text(events, output_style(options.no_color)));
  }
  return 0;
}

}  // namespace danewatch

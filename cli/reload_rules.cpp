#include "cli/reload_rules.hpp"

#include <algorithm>

namespace danewatch {

bool says_nothing(std::string_view yaml) {
  constexpr std::string_view blanks = " \t\r";
  if (yaml.starts_with("\xEF\xBB\xBF")) yaml.remove_prefix(3);  // a byte order mark
  while (!yaml.empty()) {
    const auto end = std::min(yaml.find('\n'), yaml.size());
    std::string_view line = yaml.substr(0, end);
    yaml.remove_prefix(std::min(end + 1, yaml.size()));
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    line = line.substr(0, line.find_last_not_of(blanks) + 1);
    if (!line.empty() && !line.starts_with('#') && line != "---" && line != "...") return false;
  }
  return true;
}

std::optional<std::string> why_not_reload(const Config& now, const Config& next, std::string_view text, ReloadBy by) {
  const bool guarded = !now.allow_targets.names.empty() || !now.allow_targets.blocks.empty();
  const bool loses_targets = !now.targets.empty() && next.targets.empty();
  const bool loses_names = !now.allow_targets.names.empty() && next.allow_targets.names.empty();
  const bool loses_blocks = !now.allow_targets.blocks.empty() && next.allow_targets.blocks.empty();
  if (says_nothing(text) && (guarded || !now.targets.empty())) {
    return R"(it is empty; write "targets: []" if nobody is to be looked at)";
  }
  if (by == ReloadBy::request) return std::nullopt;
  constexpr auto* ask = "; if that is meant, reload (SIGHUP)";
  if (loses_targets) return std::string("it has no targets any more") + ask;
  if (loses_names) return std::string("its allow_targets has no names any more") + ask;
  if (loses_blocks) return std::string("its allow_targets has no address blocks any more") + ask;
  return std::nullopt;
}

}  // namespace danewatch

#include "cli/serve/reload_rules.hpp"

namespace danewatch {

std::optional<std::string> why_not_reload(const Config& now, const Config& next, ReloadBy by) {
  if (by == ReloadBy::request) return std::nullopt;
  const bool loses_targets = !now.targets.empty() && next.targets.empty();
  const bool loses_names = !now.allow_targets.names.empty() && next.allow_targets.names.empty();
  const bool loses_blocks = !now.allow_targets.blocks.empty() && next.allow_targets.blocks.empty();
  constexpr auto* ask = "; if that is meant, reload (SIGHUP)";
  if (loses_targets) return std::string("it has no targets any more") + ask;
  if (loses_names) return std::string("its allow_targets has no names any more") + ask;
  if (loses_blocks) return std::string("its allow_targets has no address blocks any more") + ask;
  return std::nullopt;
}

}  // namespace danewatch

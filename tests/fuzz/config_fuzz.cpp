// The configuration files of `danewatch serve`.
#include "cli/config/config.hpp"

#include <algorithm>

#include "cli/config/web.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

static void require_sound_errors(const ConfigErrors& errors) {
  fuzz::require(!errors.empty(), "a file is refused for a reason");
  for (const std::string& error : errors) {
    fuzz::require(error.starts_with("f.yml:"), "an error names its file");
    fuzz::require(std::ranges::none_of(error, [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
                  "an error holds no control characters");
  }
}

FUZZ(input) {
  const std::string_view text = fuzz::as_text(input);
  const auto web = parse_web_config(text, "f.yml");
  if (!web) require_sound_errors(web.error());
  const auto config = parse_config(text, "f.yml");
  if (!config) return require_sound_errors(config.error());
  for (const TargetConfig& target : config->targets) {
    fuzz::require(config->modules.contains(target.module), "a target's module exists");
    fuzz::require(!target.name.empty(), "a target has a name");
  }
  const std::string shown = show_config(*config);
  const auto again = parse_config(shown, "f.yml");
  fuzz::require(again.has_value(), "what is shown can be read");
  fuzz::require(show_config(*again) == shown, "what is shown is what holds");
}

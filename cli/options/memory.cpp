// The options of what asks memory: history and changes.

#include <CLI/CLI.hpp>

#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"

namespace danewatch {
namespace {

constexpr auto shipped_state = "/var/lib/danewatch/history.db";

void add_state_option(CLI::App& app, std::string& state) {
  state = shipped_state;
  app.add_option("--state", state, "File that remembers: of check --state, or of serve")
      ->type_name("FILE")
      ->capture_default_str();
}

}  // namespace

void add_history_options(CLI::App& app, HistoryOptions& options, RawHistoryOptions& raw) {
  app.add_option("TARGET", raw.targets, "As check was given it: example.org, mail.example.org:25, ...");
  add_state_option(app, options.state);
  app.add_flag("--json", options.json, "One JSON object per target and line");
  app.add_flag("--no-color", options.no_color, "No colour, also on a terminal (so does NO_COLOR)");
  app.footer(
      "Since when is a record there, when did it last match, what happened?\n"
      "Examples:\n"
      "  danewatch history example.org\n"
      "  danewatch history --state ~/danewatch.db --json example.org\n"
      "Exit status: 0, or 3 where nothing is remembered.");
}

void finish_history_options(const RawHistoryOptions& raw, HistoryOptions& options) {
  if (raw.targets.empty()) throw UsageError("history needs a TARGET, such as example.org");
  if (options.state.empty()) throw UsageError("--state: needs the name of a file");
  for (const auto& text : raw.targets) {
    auto targets = need("target", text, parse_targets(text));
    options.targets.insert(options.targets.end(), targets.begin(), targets.end());
  }
}

void add_changes_options(CLI::App& app, ChangesOptions& options, RawChangesOptions& raw) {
  add_state_option(app, options.state);
  app.add_option("--since", raw.since, "36h, 7d, 2w, or a time (RFC 3339 or seconds since 1970)")
      ->type_name("TIME")
      ->capture_default_str();
  app.add_flag("--json", options.json, "One JSON object per event and line");
  app.add_flag("--no-color", options.no_color, "No colour, also on a terminal (so does NO_COLOR)");
  app.footer(
      "What changed, of all targets, oldest first.\n"
      "Example:\n"
      "  danewatch changes --since 36h\n"
      "Exit status: 0, or 3 where nothing can be read.");
}

void finish_changes_options(const RawChangesOptions& raw, ChangesOptions& options) {
  if (options.state.empty()) throw UsageError("--state: needs the name of a file");
  const auto span = parse_span(raw.since);
  if (span) {
    options.since = *span;
    return;
  }
  const auto time = parse_time(raw.since);
  if (!time) throw UsageError("--since " + printable(raw.since) + ": " + span.error().message + ", and not a time");
  options.since_time = *time;
}

}  // namespace danewatch

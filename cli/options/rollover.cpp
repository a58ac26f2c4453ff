// The options of rollover: what is asked, about which keys of which targets.

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"

namespace danewatch {
namespace {

constexpr auto examples =
    "Publish, wait, deploy, look, remove: may it be done now, and when?\n"
    "Examples:\n"
    "  danewatch rollover plan --next new.key example.org\n"
    "  danewatch rollover gate deploy --wait --state FILE --next new.key example.org\n"
    "  danewatch rollover status --state FILE example.org\n"
    "Exit status of gate: 0 now, 1 not yet, 2 it would break mail, 3 unknown (could\n"
    "not look), 64 usage. Of plan and status: 0, or 3 where it could not look.";

StepKind gate_from(const std::string& word) {
  for (const StepKind kind : {StepKind::publish, StepKind::deploy, StepKind::remove}) {
    if (to_string(kind) == word) return kind;
  }
  throw UsageError(fmt::format("rollover gate {}: must be publish, deploy or remove", printable(word)));
}

// "plan TARGET…", "status TARGET…", "gate STEP TARGET…"; what is left are targets.
std::vector<std::string> take_what(std::vector<std::string> words, RolloverOptions& options) {
  using enum RolloverOptions::What;
  const std::string what = words.empty() ? "" : words.front();
  if (what != "plan" && what != "status" && what != "gate") {
    throw UsageError(what.empty() ? "rollover needs plan, status or gate, and a TARGET"
                                  : fmt::format("rollover {}: must be plan, status or gate", printable(what)));
  }
  options.what = what == "plan" ? plan : what == "status" ? status : gate;
  words.erase(words.begin());
  if (options.what != gate) return words;
  if (words.empty()) throw UsageError("rollover gate needs publish, deploy or remove, and a TARGET");
  options.step = gate_from(words.front());
  words.erase(words.begin());
  return words;
}

}  // namespace

void add_rollover_options(CLI::App& app, RolloverOptions& options, RawRolloverOptions& raw) {
  app.add_option("WHAT", raw.words,
                 "plan, status, or gate and a step (publish, deploy, remove); then targets as check takes them");
  app.add_option("--next", options.look.next,
                 "Each key that the servers show afterwards: a file with the key, a CSR or the certificate, or \"3 1 1 "
                 "HEX\"")
      ->type_name("RECORD|FILE")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--state", options.look.state, "File that remembers since when each name server gives which records")
      ->type_name("FILE");
  app.add_flag("--all-named", options.all_named,
               "Every port and host that gets the key or uses the records is named, whatever others publish");
  app.add_flag("--wait", options.wait, "Of gate: look again until it is safe, or until it would break mail");
  app.add_option("--timeout", raw.patience, "Of --wait: no longer than that (90s, 36h)")->type_name("TIME");
  app.add_flag("--json", options.look.json, "One JSON object");
  app.add_flag("--no-color", options.look.no_color, "No colour, also on a terminal (so does NO_COLOR)");
  app.add_option("--helo", options.look.dialer.helo, "Name to say in EHLO")->type_name("NAME");
  add_resolver_options(app, options.look.resolver);
  app.footer(examples);
}

void finish_rollover_options(const RawRolloverOptions& raw, RolloverOptions& options) {
  const std::vector<std::string> targets = take_what(raw.words, options);
  const bool is_gate = options.what == RolloverOptions::What::gate;
  if (targets.empty()) throw UsageError("rollover needs a TARGET, such as example.org or mail.example.org:25");
  for (const auto& text : targets) {
    auto parsed = need("target", text, parse_targets(text, options.look.target));
    options.look.targets.insert(options.look.targets.end(), parsed.begin(), parsed.end());
  }
  if (options.look.next.empty() && options.what != RolloverOptions::What::status) {
    throw UsageError("rollover needs --next: the file of the next key, CSR or certificate, or \"3 1 1 HEX\"");
  }
  check_helo(options.look.dialer.helo);
  if (options.look.state && options.look.state->empty()) throw UsageError("--state: needs the name of a file");
  if (options.wait && !is_gate) throw UsageError("--wait goes with rollover gate");
  if (!raw.patience.empty() && !options.wait) throw UsageError("--timeout goes with --wait");
  if (raw.patience.empty()) return;
  const auto span = parse_span(raw.patience);
  options.patience =
      span ? std::chrono::milliseconds(*span) : need("--timeout", raw.patience, parse_duration(raw.patience));
}

}  // namespace danewatch

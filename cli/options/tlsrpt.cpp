#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/clock/system_clock.hpp"
#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"

namespace danewatch {
void add_tlsrpt_options(CLI::App& app, TlsrptOptions& options, RawTlsrptOptions& raw) {
  app.add_option("PATH", options.paths, "File, directory, Maildir or mbox; -: standard input");
  app.add_option("--since", raw.since, "Reports of then and later: 36h, 7d, 2w, or a time (RFC 3339)")
      ->type_name("TIME");
  app.add_option("--authserv-id", options.authserv_id,
                 "Count only mail of which this name says in Authentication-Results that its signature is good")
      ->type_name("NAME");
  app.add_flag("--json", options.json, "One JSON object");
  app.add_flag("--no-color", options.no_color, "No colour, also on a terminal (so does NO_COLOR)");
  app.add_option("--at", raw.at, "As if it were this time (RFC 3339 or seconds since 1970)")->type_name("TIME");
  app.footer(
      "What other mail servers saw when they sent mail to you: their TLS reports\n"
      "(RFC 8460), as mail or files, packed or not. Moves and deletes nothing.\n"
      "Examples:\n"
      "  danewatch tlsrpt ~/Maildir/.tls-reports --since 7d\n"
      "  danewatch tlsrpt report.json.gz\n"
      "Exit status: 0 no failures, 1 some sessions failed, 2 most of one sender's\n"
      "failed, 3 no report could be read, 64 usage.");
}

void finish_tlsrpt_options(const RawTlsrptOptions& raw, TlsrptOptions& options) {
  if (options.paths.empty())
    throw UsageError("tlsrpt needs a PATH: a file, a directory, a Maildir, an mbox, or - for standard input");
  for (const auto& path : options.paths) {
    if (path.empty()) throw UsageError("PATH \"\": is empty");
  }
  if (!raw.at.empty()) options.at = need("--at", raw.at, parse_time(raw.at));
  if (raw.since.empty()) return;
  if (const auto span = parse_span(raw.since)) {
    options.since = SystemClock(options.at).now() - *span;
  } else if (const auto time = parse_time(raw.since)) {
    options.since = *time;
  } else {
    throw UsageError(
        fmt::format("--since {}: write 36h, 7d, 2w, 2026-01-31 or 2026-01-31T12:00:00Z", printable(raw.since)));
  }
}

}  // namespace danewatch

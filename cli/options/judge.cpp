#include "cli/options/judge.hpp"

#include <CLI/CLI.hpp>

#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"
#include "cli/system/errors.hpp"

namespace danewatch {

void add_judge_options(CLI::App& app, JudgeOptions& options, RawJudgeOptions& raw) {
  app.add_option("FILE", options.files, "Evidence that danewatch check --save kept; - is standard input");
  add_output_options(app, options, raw.format);
  app.add_option("--at", raw.at,
                 "Judge as of this time (RFC 3339 or seconds since 1970): what will have expired by then?")
      ->type_name("TIME")
      ->group("Judging");
  app.add_option("--ca-file", options.ca_file, "Trusted CAs for usages 0 and 1 (default: the system's)")
      ->type_name("FILE")
      ->group("Judging");
  app.add_flag("--verify-signatures", options.verify_signatures,
               "Check the signatures of the messages again, from the trust anchor down; what is not proven is refused")
      ->group("Judging");
  app.add_option("--trust-anchor", options.trust_anchor, "Of --verify-signatures: file with the DNSSEC root key")
      ->type_name("FILE")
      ->envname("DANEWATCH_TRUST_ANCHOR")
      ->group("Judging");
  app.footer(
      "Judges what was seen then, and asks no DNS and no network.\n"
      "Examples:\n"
      "  danewatch check --save evidence.json example.org\n"
      "  danewatch judge --explain evidence.json\n"
      "  danewatch judge --at 2027-01-31 evidence.json\n"
      "Exit status: as danewatch check.");
}

void finish_judge_options(const RawJudgeOptions& raw, JudgeOptions& options) {
  if (!raw.at.empty()) options.at = need("--at", raw.at, parse_time(raw.at));
  finish_output_options(raw.format, options);
  if (options.files.empty()) throw UsageError("judge needs a FILE that danewatch check --save wrote");
}

}  // namespace danewatch

#include "cli/options/survey.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"
#include "cli/system/errors.hpp"

namespace danewatch {
namespace {

void add_input_options(CLI::App& app, SurveyOptions& options, RawSurveyOptions& raw) {
  app.add_option("--in", options.in, "Mail domains, one a line, also packed by gzip or zstd; - is standard input")
      ->type_name("FILE");
  app.add_option("--out", options.out, "Directory of the results; one that was begun is gone on with")
      ->type_name("DIR");
  app.add_option("--shard", raw.shard, "Look at the I-th of N parts of the names, for N machines")
      ->type_name("I/N")
      ->default_str("1/1");
  app.add_option("--opt-out", options.opt_out, "File of domains, hosts and networks that want to be left alone")
      ->type_name("FILE");
  app.add_option("--keep", options.keep,
                 "Of each name: verdict, report (all that was told), or evidence (all that was seen)")
      ->type_name("WHAT")
      ->default_str("verdict");
  app.add_option("--segment", options.segment, "Names in one file of results, at least")
      ->type_name("N")
      ->check(whole_number(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--views", options.views, "Certificate types to look for: default (one connection), auto, all")
      ->type_name("VIEWS")
      ->default_str("default");
}

CLI::Option* add_number(CLI::App& app, const std::string& name, std::size_t& value, const std::string& help, long least,
                        long most) {
  return app.add_option(name, value, help)->type_name("N")->check(whole_number(least, most))->group("Manners");
}

void add_manners(CLI::App& app, SurveyOptions& options, RawSurveyOptions& raw) {
  add_number(app, "--jobs", options.jobs, "Names whose DNS is asked at the same time, at most", 1, 10000)
      ->capture_default_str();
  add_number(app, "--rate", options.rate, "Names begun in a second (default: as many as go)", 1, 1'000'000);
  add_number(app, "--connections", options.courtesy.at_a_time, "Connections at a time", 1, 10000)
      ->capture_default_str();
  add_number(app, "--per-provider", options.courtesy.per_provider, "Of those, to the hosts of one registrable domain",
             1, 1000)
      ->capture_default_str();
  add_number(app, "--per-network", options.courtesy.per_network, "Of those, into one /24 or /48", 1, 1000)
      ->capture_default_str();
  app.add_option("--rest", raw.rest, "Of an address between two connections, half as much to half as much again")
      ->type_name("TIME")
      ->default_str("1s")
      ->group("Manners");
  app.add_option("--helo", options.dialer.helo, "Name to say in EHLO")->type_name("NAME")->group("Manners");
  app.add_flag("-4", raw.only_ipv4, "Only IPv4 addresses of the hosts")->group("Manners");
  app.add_flag("-6", raw.only_ipv6, "Only IPv6 addresses of the hosts")->group("Manners");
}

void add_directories(CLI::App& app, SurveyOptions& options) {
  app.add_option("DIR", options.directories, "Directory of a survey, or of each of its shards")->required();
}

constexpr auto examples =
    "Examples:\n"
    "  danewatch survey --in domains.txt.gz --out 2026-01 --opt-out leave-alone.txt\n"
    "  danewatch survey --in domains.txt --out part2 --shard 2/8    of 8 machines\n"
    "  danewatch survey summary 2026-02 --against 2026-01 --html summary.html\n"
    "  danewatch survey notices 2026-02            who should mend what, as mails\n"
    "What was begun and ended early is gone on with by the same command.\n"
    "Exit status: 0 all names done, 3 it could not go on, 64 usage, 130 interrupted.";

void finish_looking(const RawSurveyOptions& raw, SurveyOptions& options) {
  if (options.in.empty() || options.out.empty()) throw UsageError("survey needs --in FILE and --out DIR");
  options.shard = need("--shard", raw.shard, parse_shard(raw.shard));
  constexpr std::array levels{"verdict", "report", "evidence"};
  if (std::ranges::find(levels, options.keep) == levels.end())
    throw UsageError(fmt::format("--keep {}: must be verdict, report or evidence", printable(options.keep)));
  options.policy.views = views_from(options.views);
  if (raw.only_ipv4 && raw.only_ipv6) throw UsageError("-4 and -6 exclude each other");
  options.locate.ipv4 = !raw.only_ipv6;
  options.locate.ipv6 = !raw.only_ipv4;
  check_helo(options.dialer.helo);
  const auto rest = parse_duration(raw.rest);
  options.courtesy.rest = raw.rest == "0" ? std::chrono::milliseconds{0} : need("--rest", raw.rest, rest);
}

}  // namespace

void add_survey_options(CLI::App& app, SurveyOptions& options, RawSurveyOptions& raw) {
  add_input_options(app, options, raw);
  add_manners(app, options, raw);
  add_resolver_options(app, options.resolver);
  app.require_subcommand(0, 1);
  app.footer(examples);
  raw.summary = app.add_subcommand("summary", "Count what surveys found");
  add_directories(*raw.summary, options);
  raw.summary->add_flag("--json", options.json, "One JSON object");
  raw.summary->add_option("--html", options.html, "One page with charts into this file")->type_name("FILE");
  raw.summary->add_option("--against", options.against, "Compare with this earlier survey")->type_name("DIR");
  raw.notices = app.add_subcommand("notices", "One mail for each operator with something to mend");
  add_directories(*raw.notices, options);
}

void finish_survey_options(const RawSurveyOptions& raw, SurveyOptions& options) {
  if (raw.summary->parsed()) {
    options.what = SurveyOptions::What::summary;
    if (options.json && options.html) throw UsageError("--json and --html exclude each other");
  } else if (raw.notices->parsed()) {
    options.what = SurveyOptions::What::notices;
  } else {
    finish_looking(raw, options);
  }
}

}  // namespace danewatch

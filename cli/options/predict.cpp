#include "cli/options/predict.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"
#include "cli/system/errors.hpp"

namespace danewatch {
namespace {

CLI::Option* add_repeatable(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                            const std::string& help) {
  return app.add_option(name, values, help)->allow_extra_args(false)->take_all();
}

void add_input_options(CLI::App& app, PredictOptions& options, RawPredictOptions& raw) {
  add_repeatable(app, "--zone", raw.zones, "A zone file; NAME where its names are relative and it has no $ORIGIN")
      ->type_name("[NAME=]FILE")
      ->group("Files");
  app.add_option("--include-dir", options.include_folder, "Where files may lie that a zone file names with $INCLUDE")
      ->type_name("DIR")
      ->group("Files");
  add_repeatable(app, "--chains", options.chain_folders,
                 "Folder with certificates; a host shows the one that has its name")
      ->type_name("DIR")
      ->group("Files");
  add_repeatable(app, "--map", raw.mapped, "What this host shows, whatever names it has; twice: keys of two types")
      ->type_name("HOST[:PORT]=FILE")
      ->group("Files");
  app.add_option("--ca-file", options.ca_file, "Trusted CAs for usages 0 and 1 (default: the system's)")
      ->type_name("FILE")
      ->group("Files");
}

void add_predicting_options(CLI::App& app, PredictOptions& options, RawPredictOptions& raw) {
  app.add_flag("--if-present", options.policy.if_present,
               "DANE that does not apply (no TLSA record, unsigned DNS) and no mail service are ok")
      ->group("Judging");
  add_repeatable(app, "--next", options.next,
                 "A record published ahead of its key: \"3 1 1 HEX\", or the PEM file it is made of")
      ->type_name("RECORD|FILE")
      ->group("Judging");
  app.add_option("--horizon", raw.horizon, "Days that signatures in the zone files must last; 0: as check judges them")
      ->type_name("DAYS")
      ->default_str("14d")
      ->group("Judging");
  app.add_option("--at", raw.at, "When the zones and certificates will be live (RFC 3339 or seconds since 1970)")
      ->type_name("TIME")
      ->group("Judging");
}

// "14d" or "14".
int days_from(const std::string& text) {
  constexpr int most = 3650;
  int days = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  const std::string_view rest(end, text.data() + text.size());
  if (error != std::errc{} || days < 0 || days > most || (!rest.empty() && rest != "d"))
    throw UsageError(
        fmt::format("--horizon {}: is not a number of days from 0 to {}, such as 14d", printable(text), most));
  return days;
}

ZoneFile zone_from(const std::string& word) {
  const auto mark = word.find('=');
  if (mark == std::string::npos) return {std::nullopt, word};
  const std::string name = word.substr(0, mark);
  if (name == ".") return {name, word.substr(mark + 1)};
  return {need("--zone", name, to_ascii_name(name)), word.substr(mark + 1)};
}

MappedChain mapped_from(const std::string& word) {
  const auto mark = word.find('=');
  const std::string place = word.substr(0, mark);
  if (mark == std::string::npos || mark + 1 == word.size())
    throw UsageError(fmt::format("--map {}: is not HOST:PORT=FILE", printable(word)));
  const auto colon = place.find(':');
  unsigned port = 0;
  if (colon != std::string::npos) {
    const char* const last = place.data() + place.size();
    const auto [end, error] = std::from_chars(place.data() + colon + 1, last, port);
    if (error != std::errc{} || end != last || port == 0 || port > 65535)
      throw UsageError(fmt::format("--map {}: its port is not from 1 to 65535", printable(word)));
  }
  return {
      {need("--map", place.substr(0, colon), to_ascii_name(place.substr(0, colon))), static_cast<std::uint16_t>(port)},
      word.substr(mark + 1)};
}

}  // namespace

void add_predict_options(CLI::App& app, PredictOptions& options, RawPredictOptions& raw) {
  app.add_option("TARGET", raw.targets, "As for danewatch check");
  add_input_options(app, options, raw);
  add_output_options(app, options, raw.format);
  app.add_option("--junit", options.junit, "Results as JUnit XML in this file, for GitHub, GitLab or Jenkins")
      ->type_name("FILE")
      ->group("Output");
  add_predicting_options(app, options, raw);
  app.footer(
      "What would check say if these zone files and certificates were live? Asks no DNS\n"
      "and no network. Signatures in the files are checked; a zone without any counts as\n"
      "one that will be signed.\n"
      "Example:\n"
      "  danewatch predict --zone example.org.zone --chains certs example.org\n"
      "Exit status: as danewatch check.");
}

void finish_predict_options(const RawPredictOptions& raw, PredictOptions& options) {
  if (raw.targets.empty()) throw UsageError("predict needs a TARGET, such as example.org");
  if (raw.zones.empty()) throw UsageError("predict needs --zone FILE: nothing is asked of the DNS");
  for (const auto& word : raw.zones) options.zones.push_back(zone_from(word));
  for (const auto& word : raw.mapped) options.mapped.push_back(mapped_from(word));
  if (!raw.at.empty()) options.at = need("--at", raw.at, parse_time(raw.at));
  if (const int days = days_from(raw.horizon); days > 0)
    options.policy.rrsig_days.warning =
        need("--horizon", raw.horizon, parse_range(std::to_string(days), BareNumber::start));
  if (options.junit == "-") throw UsageError("--junit -: needs the name of a file");
  TargetFile given;
  for (const auto& text : raw.targets) take_target(text, 0, {}, given);
  options.targets = std::move(given.targets);
  options.bad_targets = std::move(given.bad_lines);
  finish_output_options(raw.format, options);
  if (options.remedy && options.targets.size() != 1) throw UsageError("--remedy is of one report: give one TARGET");
}

}  // namespace danewatch

#include "cli/options/output.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "cli/options/values.hpp"
#include "cli/system/errors.hpp"

namespace danewatch {

void add_output_options(CLI::App& app, OutputOptions& options, std::string& format) {
  app.add_flag("--json", options.json, "One JSON object per target and line, as each is finished")->group("Output");
  app.add_flag("--explain", options.explain, "Every lookup with its proof, and the matrix of records and addresses")
      ->group("Output");
  app.add_option("--remedy", options.remedy, "Print only the remedy with this number, as --explain and --json count")
      ->type_name("N")
      ->check(whole_number(1, 10000))
      ->group("Output");
  app.add_option("--format", format, "Of --remedy: zone (lines of a zone file) or nsupdate (a script)")
      ->type_name("FORMAT")
      ->default_str("zone")
      ->group("Output");
  app.add_flag("-q,--quiet", options.quiet, "Only targets that are not ok")->group("Output");
  app.add_flag("--no-color", options.no_color, "No colour, also on a terminal (so does NO_COLOR)")->group("Output");
}

void finish_output_options(const std::string& format, OutputOptions& options) {
  if (!options.remedy) {
    if (!format.empty()) throw UsageError("--format goes with --remedy N");
    return;
  }
  if (options.json || options.explain || options.quiet)
    throw UsageError("--remedy prints the remedy alone: leave out --json, --explain and --quiet");
  static const std::map<std::string, RemedyFormat> formats{
      {"", RemedyFormat::zone}, {"zone", RemedyFormat::zone}, {"nsupdate", RemedyFormat::nsupdate}};
  const auto known = formats.find(format);
  if (known == formats.end()) throw UsageError(fmt::format("--format {}: must be zone or nsupdate", printable(format)));
  options.remedy_format = known->second;
}

}  // namespace danewatch

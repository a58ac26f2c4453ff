#include <CLI/CLI.hpp>

#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"

namespace danewatch {

void add_doctor_options(CLI::App& app, DoctorOptions& options, RawDoctorOptions& raw) {
  app.add_option("NAME", raw.names,
                 "Mail hosts, or mail domains, whose port 25 is tried; nothing else is connected to");
  app.add_option("--reports", options.reports, "Where TLS reports about these domains come to: file, Maildir, mbox")
      ->type_name("PATH");
  app.add_flag("--json", options.json, "One JSON object");
  app.add_flag("--no-color", options.no_color, "No colour, also on a terminal (so does NO_COLOR)");
  app.add_option("--at", raw.at, "As if it were this time (RFC 3339 or seconds since 1970)")->type_name("TIME");
  add_resolver_options(app, options.resolver);
  app.footer(
      "Can this machine look at all? Asks the DNS with and without validation, and says\n"
      "what is wrong and what to do.\n"
      "Examples:\n"
      "  danewatch doctor\n"
      "  danewatch doctor mx.example.org             is outgoing port 25 open?\n"
      "  danewatch doctor example.org --reports ~/Maildir/.tls-reports\n"
      "                                              do TLS reports arrive?\n"
      "Exit status: as danewatch check.");
}

void finish_doctor_options(const RawDoctorOptions& raw, DoctorOptions& options) {
  if (!raw.at.empty()) options.at = need("--at", raw.at, parse_time(raw.at));
  options.resolver.at = options.at;
  for (const auto& name : raw.names) {
    const bool address = parse_address(name).has_value();
    options.names.push_back(address ? name : need("name", name, to_ascii_name(name)));
  }
}

}  // namespace danewatch

// The options of `danewatch serve`.

#include <CLI/CLI.hpp>

#include "cli/options/values.hpp"
#include "exporters/http/server.hpp"

namespace danewatch {

void add_serve_options(CLI::App& app, ServeOptions& options) {
  app.add_option("--config.file", options.config_file, "Modules and targets; without it the built-in modules alone")
      ->type_name("FILE");
  app.add_flag("--config.check", options.check_config,
               "Say what is wrong with --config.file and --web.config.file, and stop there");
  app.add_option("--web.listen-address", options.listen_addresses,
                 "Where to listen: 127.0.0.1:19115, :19115, [::1]:19115 or unix:/PATH; may be repeated")
      ->type_name("ADDRESS")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--web.config.file", options.web_config_file, "TLS and users, in the format of Prometheus' exporters")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--web.external-url",
         [&options](const std::string& text) {
           options.external_url = need("--web.external-url", text, parse_external_url(text));
         },
         "Where people reach the pages, for example behind a reverse proxy; links begin with its path")
      ->type_name("URL");
  add_resolver_options(app, options.resolver);
  app.footer(
      "Examples:\n"
      "  danewatch serve --config.file /etc/danewatch/danewatch.yml --config.check\n"
      "  danewatch serve --config.file /etc/danewatch/danewatch.yml\n"
      "Exit status: 0 ended by SIGTERM, or the files are right; 1 wrong files;\n"
      "3 cannot listen or look; 64 usage.");
}

void finish_serve_options(ServeOptions& options) {
  for (const auto& text : options.listen_addresses) {
    need("--web.listen-address", text, parse_listen_address(text));
  }
  if (options.check_config && !options.config_file && !options.web_config_file) {
    throw UsageError("--config.check needs --config.file or --web.config.file");
  }
}

}  // namespace danewatch

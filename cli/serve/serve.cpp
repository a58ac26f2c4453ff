#include "cli/commands/commands.hpp"
#include "cli/serve/app.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"
#include "exporters/http/security.hpp"

namespace danewatch {
namespace {

int refuse(const std::string& errors) {
  for (const auto& line : lines_of(errors)) write_error(line);
  return 1;
}

}  // namespace

int run_serve(const ServeOptions& options) {
  const auto config = load_config(options);
  if (!config) return refuse(config.error());
  std::shared_ptr<HttpSecurity> security;
  try {
    if (options.web_config_file) security = web_security(*options.web_config_file);
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
  if (options.check_config) {
    write_output("configuration ok\n");
    return 0;
  }
  raise_descriptor_limit(descriptors_of_service);
  demand_address_space();
  ServeApp app(options, *config, std::move(security));
  return app.run();
}

}  // namespace danewatch

#include <sys/resource.h>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/serve_app.hpp"

namespace danewatch {
namespace {

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));  // what we have is enough for a few
}

// One error a line, each naming the file already.
void write_errors(const std::string& lines) {
  std::size_t begin = 0;
  while (begin < lines.size()) {
    const auto end = std::min(lines.find('\n', begin), lines.size());
    write_error(lines.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

int run_serve(const ServeOptions& options) {
  const auto config = load_config(options);
  if (!config) {
    write_errors(config.error());
    return 1;
  }
  if (options.check_config) {
    write_output("the configuration is good\n");
    return 0;
  }
  raise_descriptor_limit();
  ServeApp app(options, *config);
  return app.run();
}

}  // namespace danewatch

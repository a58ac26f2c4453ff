#include "cli/system/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "cli/system/output.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

// A closed standard descriptor would be given to the next socket, and the report written into it.
void keep_standard_descriptors() {
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR)) {
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    return;
  }
}

}  // namespace

void prepare_process() {
  keep_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);
}

void raise_descriptor_limit(unsigned fewest) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
  if (limit.rlim_max < fewest) {
    throw std::runtime_error(fmt::format("this process may open {} files, {} are needed: raise the limit (ulimit -n)",
                                         limit.rlim_max, fewest));
  }
}

void end_broken(std::string_view why) {
  write_log(fmt::format("cannot go on, which is a fault of danewatch: {}", escape_for_terminal(why)));
  std::_Exit(EX_SOFTWARE);
}

}  // namespace danewatch

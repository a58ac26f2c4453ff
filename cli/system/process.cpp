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
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    // The lowest free descriptor, so this one. A standard output that was closed takes nothing: who has something to
    // say there must hear that nobody gets it.
    static_cast<void>(::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY));
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

std::optional<std::string> address_space_error(std::uint64_t limit) {
  constexpr std::uint64_t megabyte = 1'000'000;
  constexpr std::uint64_t fewest = 128 * megabyte;
  if (limit >= fewest) return std::nullopt;
  return fmt::format("this process may have {} MB of address space, {} MB are needed: raise the limit (ulimit -v)",
                     limit / megabyte, fewest / megabyte);
}

void demand_address_space() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  if (const auto error = address_space_error(limit.rlim_cur)) throw std::runtime_error(*error);
}

void end_broken(std::string_view why) {
  write_log(fmt::format("cannot go on, which is a fault of danewatch: {}", escape_for_terminal(why)));
  std::_Exit(EX_SOFTWARE);
}

}  // namespace danewatch

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "cli/commands.hpp"

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

}  // namespace danewatch

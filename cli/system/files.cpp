#include "cli/system/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/system/errors.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

constexpr std::size_t largest = 64u << 20;

[[noreturn]] void fail(const std::string& option, const std::string& path, std::string_view why) {
  throw UsageError(fmt::format("{} {}: {}", option, escape_for_terminal(path), why));
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      : fd_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }

  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

std::string read_file(const std::string& option, const std::string& path) {
  const OpenFile file(path);
  if (file.fd() < 0) fail(option, path, std::strerror(errno));
  std::string content;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(file.fd(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(option, path, std::strerror(errno));
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > largest) fail(option, path, "is larger than 64 MiB");
  }
}

}  // namespace danewatch

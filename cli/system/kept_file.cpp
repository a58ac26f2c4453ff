#include "cli/system/kept_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "cli/system/errors.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

constexpr mode_t everybody = 0666;  // as far as the umask lets them

// What the path leads to: through symbolic links, so that these stay.
std::string real_path(const std::string& path) {
  char* const real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string result(real);
  std::free(real);
  return result;
}

// A file beside it that nobody else has.
int open_new(const std::string& path, std::string& name) {
  static std::atomic<unsigned> count{0};
  constexpr int most = 100;
  for (int i = 0; i < most; ++i) {
    name = fmt::format("{}.{}.{}", path, ::getpid(), count++);
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, everybody);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

enum class Kind { nothing, file, other };

Kind kind_of(const std::string& path, mode_t& mode) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Kind::nothing;
  mode = status.st_mode & 07777;
  return S_ISREG(status.st_mode) ? Kind::file : Kind::other;
}

}  // namespace

KeptFile::KeptFile(std::string option, const std::string& path)
    : option_(std::move(option)), name_(path), path_(real_path(path)) {
  mode_t mode = 0;
  const Kind kind = kind_of(path_, mode);
  if (kind == Kind::other) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else if (kind == Kind::file && ::access(path_.c_str(), W_OK) != 0) {
    fd_ = -1;
  } else {
    fd_ = open_new(path_, temporary_);
    if (fd_ >= 0 && kind == Kind::file) static_cast<void>(::fchmod(fd_, mode));
  }
  if (fd_ >= 0) return;
  throw UsageError(fmt::format("{} {}: {}", option_, escape_for_terminal(name_), std::strerror(errno)));
}

KeptFile::~KeptFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void KeptFile::fail(int error) const {
  throw std::runtime_error(fmt::format("{} {}: {}", option_, escape_for_terminal(name_), std::strerror(error)));
}

void KeptFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void KeptFile::finish() {
  if (!temporary_.empty()) {
    if (::fsync(fd_) != 0) fail(errno);
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
  }
  ::close(fd_);
  fd_ = -1;
}

}  // namespace danewatch

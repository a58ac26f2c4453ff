#include "cli/system/output.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

// False when the descriptor takes no more; errno says why.
bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::size_t terminal_width() {
  winsize size{};
  constexpr std::size_t narrowest = 40;
  constexpr std::size_t widest = 120;  // longer lines are hard to read
  if (!output_is_terminal() || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::min(std::max<std::size_t>(size.ws_col, narrowest), widest);
}

}  // namespace

void write_output(std::string_view text) {
  if (write_all(STDOUT_FILENO, text)) return;
  if (errno == EPIPE) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  const char* why = errno == EBADF ? "it is closed" : std::strerror(errno);
  throw std::runtime_error(fmt::format("cannot write to standard output: {}", why));
}

std::string error_line(std::string_view sentence) {
  return fmt::format("danewatch: {}\n", escape_for_terminal(sentence));
}

void write_error(std::string_view sentence) {
  write_raw_error(error_line(sentence));
}

void write_log(std::string_view sentence) {
  pollfd log{STDERR_FILENO, POLLOUT, 0};
  const bool taken = ::poll(&log, 1, 0) > 0 && (log.revents & POLLOUT) != 0;
  constexpr std::size_t at_once = 4096;  // PIPE_BUF: what a pipe that is ready takes without waiting
  if (taken) write_raw_error(error_line(sentence.substr(0, at_once / 8)));
}

void write_raw_error(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));  // nobody is left to tell when standard error is gone too
}

bool output_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

TextOptions output_style(bool no_color) {
  TextOptions style;
  style.color = !no_color && output_is_terminal() && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  style.width = terminal_width();
  return style;
}

}  // namespace danewatch

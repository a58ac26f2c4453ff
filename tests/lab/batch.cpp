#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "tests/lab/process.hpp"

namespace danewatch::lab {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class Batch {
 public:
  Batch(const std::vector<std::vector<std::string>>& commands, const std::filesystem::path& dir)
      : commands_(commands), dir_(dir), outputs_(commands.size()) {}

  std::vector<Output> run(std::size_t at_most) {
    for (std::size_t next = 0; next < commands_.size() || !running_.empty();) {
      while (next < commands_.size() && running_.size() < at_most) start(next++);
      wait_for_some();
    }
    return std::move(outputs_);
  }

 private:
  std::filesystem::path file(std::size_t index, const char* kind) const {
    return dir_ / fmt::format("command{}.{}", index, kind);
  }

  void start(std::size_t index) {
    const pid_t pid = start_program(commands_[index], file(index, "out"), file(index, "err"));
    // glibc of Debian 12 has the call, older ones do not: the system call itself is everywhere.
    const auto handle = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0) throw std::runtime_error(fmt::format("cannot watch a process: {}", std::strerror(errno)));
    running_.emplace(handle, std::pair(index, pid));
  }

  void wait_for_some() {
    std::vector<pollfd> waiting;
    for (const auto& [handle, job] : running_) waiting.push_back({handle, POLLIN, 0});
    if (poll(waiting.data(), waiting.size(), -1) < 0) return;
    for (const auto& ready : waiting) {
      if (ready.revents != 0) finish(ready.fd);
    }
  }

  void finish(int handle) {
    const auto [index, pid] = running_.at(handle);
    int status = 0;
    waitpid(pid, &status, 0);
    outputs_[index] = {exit_status_of(status), content_of(file(index, "out")), content_of(file(index, "err"))};
    running_.erase(handle);
    close(handle);
  }

  const std::vector<std::vector<std::string>>& commands_;
  const std::filesystem::path& dir_;
  std::vector<Output> outputs_;
  std::map<int, std::pair<std::size_t, pid_t>> running_;  // by pidfd
};

}  // namespace

std::vector<Output> run_batch(const std::vector<std::vector<std::string>>& commands, std::size_t at_most,
                              const std::filesystem::path& dir) {
  return Batch(commands, dir).run(at_most);
}

}  // namespace danewatch::lab

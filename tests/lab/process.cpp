#include "tests/lab/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "tests/lab/listen.hpp"

namespace danewatch::lab {
namespace {

std::vector<char*> arguments(const std::vector<std::string>& command) {
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  return argv;
}

pid_t fork_or_throw() {
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error(fmt::format("cannot start a process: {}", std::strerror(errno)));
  return pid;
}

[[noreturn]] void become(const std::vector<std::string>& command) {
  auto argv = arguments(command);
  execvp(argv[0], argv.data());
  fmt::print(stderr, "danewatch-lab: cannot run {}: {}\n", command.front(), std::strerror(errno));
  _exit(127);
}

void redirect(const char* path, int flags, int descriptor) {
  const int file = open(path, flags | O_CLOEXEC, 0600);
  if (file >= 0) dup2(file, descriptor);
}

// In a child: ends when the lab ends, and is out of reach of Ctrl-C, which is for the command.
void belong_to(pid_t parent, int signal) {
  prctl(PR_SET_PDEATHSIG, signal);
  if (getppid() != parent) _exit(0);
  setpgid(0, 0);
  redirect("/dev/null", O_RDONLY, STDIN_FILENO);
}

// fork() into a process namespace of its own, whose first process the child is. When it ends, the kernel ends all
// others there, daemons with a session of their own included. Nor does any shared memory survive.
pid_t fork_apart() {
  const auto pid = static_cast<pid_t>(syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWIPC | SIGCHLD, 0, 0, 0, 0));
  if (pid < 0) throw std::runtime_error(fmt::format("cannot make a process namespace: {}", std::strerror(errno)));
  return pid;
}

// The first process of such a namespace: waits for the program, and for whatever others leave behind.
[[noreturn]] void oversee(const std::vector<std::string>& command) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  std::signal(SIGTERM, [](int) { _exit(0); });  // without a handler the first process of a namespace does not hear it
  const pid_t program = fork();
  if (program == 0) {
    std::signal(SIGTERM, SIG_DFL);
    become(command);
  }
  int status = 0;
  pid_t ended = 0;
  do {
    ended = wait(&status);
  } while (ended != program && (ended > 0 || errno == EINTR));
  _exit(exit_status_of(status));
}

void redirect_output(const std::filesystem::path& out, const std::filesystem::path& err) {
  redirect(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO);
  redirect(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return exit_status_of(status);
}

// What a shell does around a foreground program: Ctrl-C ends the program, not the one who waits for it.
class IgnoredSignals {
 public:
  IgnoredSignals() : interrupt_(std::signal(SIGINT, SIG_IGN)), quit_(std::signal(SIGQUIT, SIG_IGN)) {}
  IgnoredSignals(const IgnoredSignals&) = delete;
  IgnoredSignals& operator=(const IgnoredSignals&) = delete;
  ~IgnoredSignals() { restore(); }
  void restore() const {
    std::signal(SIGINT, interrupt_);
    std::signal(SIGQUIT, quit_);
  }

 private:
  using Handler = void (*)(int);
  Handler interrupt_, quit_;
};

}  // namespace

int exit_status_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

int run_program(const std::vector<std::string>& command, int listener) {
  const IgnoredSignals ignored;
  const pid_t parent = getpid();
  const pid_t pid = fork_or_throw();
  if (pid == 0) {
    ignored.restore();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(0);
    if (listener >= 0) hand_over(listener);
    become(command);
  }
  return wait_for(pid);
}

pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& out,
                    const std::filesystem::path& err) {
  const pid_t parent = getpid();
  const pid_t pid = fork_or_throw();
  if (pid == 0) {
    belong_to(parent, SIGTERM);
    redirect_output(out, err);
    become(command);
  }
  return pid;
}

TemporaryDirectory::TemporaryDirectory() {
  auto pattern = (std::filesystem::temp_directory_path() / "danewatch-lab-XXXXXX").string();
  std::array<int, 2> pipe_ends{};
  if (mkdtemp(pattern.data()) == nullptr || pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error(fmt::format("cannot make a temporary directory: {}", std::strerror(errno)));
  }
  path_ = pattern;
  if (fork_or_throw() == 0) {
    setsid();
    close(pipe_ends[1]);
    for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) redirect("/dev/null", O_RDWR, descriptor);
    char nothing = 0;
    while (read(pipe_ends[0], &nothing, 1) < 0 && errno == EINTR) {
    }
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    _exit(0);
  }
  close(pipe_ends[0]);
  lifeline_ = pipe_ends[1];
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  close(lifeline_);
}

Children::~Children() {
  for (auto pid : pids_) kill(pid, SIGTERM);
  for (auto pid : pids_) wait_for(pid);
}

void Children::start(const std::function<void()>& body) {
  const pid_t parent = getpid();
  const pid_t pid = fork_or_throw();
  if (pid == 0) {
    belong_to(parent, SIGKILL);
    std::signal(SIGTERM, SIG_DFL);
    try {
      body();
    } catch (const std::exception& error) {
      fmt::print(stderr, "danewatch-lab: {}\n", error.what());
    }
    _exit(1);
  }
  pids_.push_back(pid);
}

// SIGTERM, because NSD passes it on to children of its own.
void Children::start(const std::vector<std::string>& command, const std::filesystem::path& log) {
  pids_.push_back(start_program(command, log, log));
}

void Children::start_apart(const std::vector<std::string>& command, const std::filesystem::path& log) {
  const pid_t pid = fork_apart();
  if (pid == 0) {
    redirect("/dev/null", O_RDONLY, STDIN_FILENO);
    redirect_output(log, log);
    oversee(command);
  }
  pids_.push_back(pid);
}

bool Children::all_alive() const {
  for (auto pid : pids_) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0)
      return false;
  }
  return true;
}

}  // namespace danewatch::lab

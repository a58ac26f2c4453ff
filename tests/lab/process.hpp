// Child processes that never outlive the lab: programs and functions of our own.
//
// No shell anywhere. Thread rule: one thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace danewatch::lab {

// Exit status as a shell counts it: 128 + N after signal N, 127 for a program that is not there.
int exit_status_of(int wait_status);

// Runs to the end. Signals of the terminal are the program's while it runs, and end it alone. `listener`: a socket that
// is handed over (listen.hpp).
int run_program(const std::vector<std::string>& command, int listener = -1);

// Starts a program and returns at once; it ends with the lab. The caller waits for it.
pid_t start_program(const std::vector<std::string>& command, const std::filesystem::path& out,
                    const std::filesystem::path& err);

// Runs all commands, `at_most` side by side, with standard output and error in files of `dir`; in the order given.
struct Output {
  int status = 0;
  std::string text;    // standard output
  std::string errors;  // standard error
};
std::vector<Output> run_batch(const std::vector<std::vector<std::string>>& commands, std::size_t at_most,
                              const std::filesystem::path& dir);

// A directory for the lab's files. Removed by the destructor, or by a small process that waits for the death of the lab
// and all its children, however they die.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lifeline_ = -1;  // its other end sees the last holder die
};

// Everything started here is ended by the destructor, and by the kernel if the lab dies before.
class Children {
 public:
  Children() = default;
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;
  ~Children();

  // A function in a process of its own; it never returns to the caller's code.
  void start(const std::function<void()>& body);
  // A program; standard output and error go to `log`.
  void start(const std::vector<std::string>& command, const std::filesystem::path& log);
  // A program that starts daemons of its own, which end with it. Needs root.
  void start_apart(const std::vector<std::string>& command, const std::filesystem::path& log);
  // True while every child lives.
  bool all_alive() const;

 private:
  std::vector<pid_t> pids_;
};

}  // namespace danewatch::lab

#include "cli/nagios/signals.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

namespace danewatch {
namespace {

// Static memory, because a handler may neither allocate nor wait for who does.
struct LastWords {
  std::array<char, 512> text{};
  std::size_t size = 0;
  int status = 3;

  void keep(const nagios::Output& output) {
    size = std::min(text.size(), output.text.size());
    std::copy_n(output.text.begin(), size, text.begin());
    status = static_cast<int>(output.state);
  }
};

LastWords of_alarm, of_termination;

// False when the descriptor takes no more.
bool write_all(const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(STDOUT_FILENO, text, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

constexpr int status_unheard = 3;  // UNKNOWN: a state without its line says nothing

std::atomic_flag spoken;  // lock-free: one of main and the handlers of two threads speaks

void say(const LastWords& words) {
  if (spoken.test_and_set()) return;
  const bool heard = write_all(words.text.data(), words.size);
  ::_exit(heard ? words.status : status_unheard);
}

void on_alarm(int) {
  say(of_alarm);
}

void on_termination(int) {
  say(of_termination);
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  for (const int other : {SIGALRM, SIGTERM, SIGINT}) sigaddset(&action.sa_mask, other);  // one speaks
  ::sigaction(signal, &action, nullptr);
  sigset_t unblocked;
  sigemptyset(&unblocked);
  sigaddset(&unblocked, signal);
  ::sigprocmask(SIG_UNBLOCK, &unblocked, nullptr);  // the parent may have blocked it
}

void stop_signals() {
  const itimerval off{};
  ::setitimer(ITIMER_REAL, &off, nullptr);
  for (const int signal : {SIGALRM, SIGTERM, SIGINT}) std::signal(signal, SIG_IGN);
}

}  // namespace

void start_alarm(std::chrono::milliseconds time, const nagios::Output& output) {
  of_alarm.keep(output);
  handle(SIGALRM, on_alarm);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  itimerval timer{};
  timer.it_value.tv_sec = seconds.count();
  timer.it_value.tv_usec = std::chrono::microseconds(time - seconds).count();
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

void catch_termination(const nagios::Output& output) {
  of_termination.keep(output);
  handle(SIGTERM, on_termination);
  handle(SIGINT, on_termination);
}

bool say_instead(std::string_view text) {
  if (spoken.test_and_set()) ::pause();  // a handler is speaking, and ends the process
  stop_signals();
  return write_all(text.data(), text.size());
}

}  // namespace danewatch

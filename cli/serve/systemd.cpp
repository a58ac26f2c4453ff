#include "cli/serve/systemd.hpp"

#include <dlfcn.h>
#include <systemd/sd-daemon.h>

#include <cstdint>

#include "cli/clock/system_clock.hpp"

namespace danewatch::systemd {
namespace {

// libsystemd brings six more libraries with it, and loading all of them would cost each run of the plugin a millisecond
// of CPU: it is loaded where it is needed, and whoever was started by systemd has it.
class Library {
 public:
  Library() : handle_(::dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL)) {}
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() = default;  // never unloaded

  template <class Function>
  Function* find(const char* name) const {
    return handle_ ? reinterpret_cast<Function*>(::dlsym(handle_, name)) : nullptr;
  }

 private:
  void* handle_;
};

const Library& library() {
  static const Library loaded;
  return loaded;
}

void notify(const char* text) {
  if (auto* function = library().find<decltype(sd_notify)>("sd_notify")) function(0, text);
}

}  // namespace

void ready(const std::string& status) {
  const std::string text = "READY=1\nSTATUS=" + status;
  notify(text.c_str());
}

// Type=notify-reload of systemd 253 waits for a READY=1 that is younger than this.
void reloading() {
  const auto now = SystemClock().steady().time_since_epoch();  // CLOCK_MONOTONIC
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  const std::string text = "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(time);
  notify(text.c_str());
}

void stopping() {
  notify("STOPPING=1");
}

void alive() {
  notify("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog() {
  std::uint64_t microseconds = 0;
  auto* function = library().find<decltype(sd_watchdog_enabled)>("sd_watchdog_enabled");
  if (!function || function(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

std::vector<int> listen_descriptors() {
  std::vector<int> result;
  auto* function = library().find<decltype(sd_listen_fds)>("sd_listen_fds");
  const int count = function ? function(1) : 0;
  for (int i = 0; i < count; ++i) result.push_back(SD_LISTEN_FDS_START + i);
  return result;
}

}  // namespace danewatch::systemd

#include "cli/serve_systemd.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace danewatch::systemd {

void ready(const std::string& status) {
  const std::string text = "READY=1\nSTATUS=" + status;
  sd_notify(0, text.c_str());
}

void reloading() {
  sd_notify(0, "RELOADING=1");
}

void stopping() {
  sd_notify(0, "STOPPING=1");
}

void alive() {
  sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

std::vector<int> listen_descriptors() {
  std::vector<int> result;
  const int count = sd_listen_fds(1);
  for (int i = 0; i < count; ++i) result.push_back(SD_LISTEN_FDS_START + i);
  return result;
}

}  // namespace danewatch::systemd

// Inner: talking to the service manager: what state we are in, that we are alive, and sockets it opened for us.
//
// Does nothing where there is no service manager. Thread rule: the main thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace danewatch::systemd {

void ready(const std::string& status);
void reloading();  // ended by ready()
void stopping();
void alive();

// How often alive() is wanted (WATCHDOG_USEC); nothing: never.
std::optional<std::chrono::microseconds> watchdog();

std::vector<int> listen_descriptors();  // LISTEN_FDS

}  // namespace danewatch::systemd

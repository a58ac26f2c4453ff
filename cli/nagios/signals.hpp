// Inner: the plugin's last words, said from a signal handler when nothing else can say them any more.
//
// Whatever hangs (a resolver, a machine without CPU), the core hears the plugin's own line before it kills it. Thread
// rule: main thread; the handlers touch nothing but what was prepared here.
#pragma once

#include <chrono>
#include <string_view>

#include "exporters/nagios/nagios.hpp"

namespace danewatch {

// After `time` the output is written and the process ends with its status.
void start_alarm(std::chrono::milliseconds time, const nagios::Output& output);

// Likewise on SIGTERM and SIGINT.
void catch_termination(const nagios::Output& output);

// What main has to say, once: from here on the signals are ignored. False where it could not be written
// (a closed standard output, a full disk): then the state must not look like one that was told.
bool say_instead(std::string_view text);

}  // namespace danewatch

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

// What main has to say, once: from here on the signals are ignored. A core that went away cannot be told anything,
// which is no error.
void say_instead(std::string_view text);

}  // namespace danewatch

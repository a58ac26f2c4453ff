#include "cli/serve/heartbeat.hpp"

namespace danewatch {

bool Heartbeat::is_alive(const Signs& signs, Time now) {
  constexpr std::chrono::minutes longest_run{12};  // the longest timeout a module can have, and its grace
  const bool http_turns = signs.http_turns != http_turns_;
  if (signs.in_flight == 0 || signs.runs_ended != runs_ended_) progress_ = now;
  http_turns_ = signs.http_turns;
  runs_ended_ = signs.runs_ended;
  return http_turns && now - progress_ < longest_run;
}

}  // namespace danewatch

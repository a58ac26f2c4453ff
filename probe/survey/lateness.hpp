// Whether this machine kept up, or was late itself: then silence says nothing about others.
//
// Fed with beats: moments at which something was due, and at which it came. Decides, reads no clock. Bounded:
// of very many stalls the oldest become one. Thread rule: one thread.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

namespace danewatch {

class Lateness {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // Time limits of others (a resolver's first ones are 50 ms, doubled twice) end sooner than a beat that is so late.
  static constexpr std::chrono::milliseconds late_from{200};
  // What was asked during a stall may fail after it.
  static constexpr std::chrono::seconds calm_after{2};

  void expect(Moment due);  // the next beat
  void beat(Moment now);    // it came

  // Also where a beat is due and has not come: who was woken first after a stall must know of it.
  bool late_between(Moment from, Moment now) const;
  bool is_calm(Moment now) const { return !late_between(now, now); }

  // Of the beats since the last call.
  std::chrono::milliseconds take_worst(Moment now);

 private:
  struct Stall {
    Moment from, until;
  };

  std::optional<Moment> due_;
  std::deque<Stall> stalls_;
  std::chrono::milliseconds worst_{0};
};

}  // namespace danewatch

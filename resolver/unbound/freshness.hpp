// Inner: when a libunbound that runs must give way to a new one.
//
// Its cache counts by the wall clock: after a step back, answers live on for as long as the step was. And where the
// root's keys did not come it takes all names for broken for a minute, whatever the network does meanwhile. Decides
// only: reads no clock. Thread rule: one owner.
#pragma once

#include <chrono>
#include <optional>

#include "resolver/dns/answer.hpp"

namespace danewatch {

class Freshness {
 public:
  using Wall = std::chrono::system_clock::time_point;
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds smallest_step{2};  // what adjusts a clock without a step moves it by less
  static constexpr std::chrono::seconds blind_for{5};      // before it is tried anew

  // A libunbound began to run.
  void begin(Wall wall, Steady now);

  // An answer came: one about the root's keys tells whether anything can be known.
  void note(const Answer& answer);

  // Asked before each question.
  bool must_renew(Wall wall, Steady now);

  // It could not be done now.
  void postpone(Steady now) { since_ = now; }

 private:
  std::optional<std::chrono::nanoseconds> ahead_;  // of the wall clock, as it was last seen
  Steady since_{};
  bool stepped_ = false;
  bool blind_ = false;
};

}  // namespace danewatch

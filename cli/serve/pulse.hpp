// Pure: whether a thread still turns, as another one sees it that looks at regular times.
//
// Counts its own looks, never time: a process that was stopped, or a machine that slept, is no thread that hangs.
// Thread rule: the thread that looks.
#pragma once

#include <cstdint>

namespace danewatch {

class Pulse {
 public:
  // One look: how often the other thread has turned so far.
  void look(std::uint64_t turns);

  bool is_steady() const { return silent_ < looks_until_unsteady; }
  bool has_stopped() const { return silent_ >= looks_until_stopped; }

  static constexpr int looks_until_unsteady = 5;
  static constexpr int looks_until_stopped = 30;

 private:
  std::uint64_t turns_ = 0;
  int silent_ = 0;  // looks since it turned last
};

}  // namespace danewatch

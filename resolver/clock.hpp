// The time, as an argument: who waits or stamps is handed a Clock, who decides is handed a time.
//
// Never read in a pure room. Thread rule: the caller's executor.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "resolver/dns/answer.hpp"

namespace danewatch {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual SysTime now() const = 0;  // the world's time, or --at
  virtual std::chrono::steady_clock::time_point steady() const = 0;

  // Returns when steady() is there. Throws when the run is cancelled.
  virtual boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point when) const;
};

}  // namespace danewatch

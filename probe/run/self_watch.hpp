// A survey's look at itself: whether this machine keeps up, and whether its network is there.
//
// Waits and listens; what follows is decided in probe/survey. An answer that did not come in time says something about
// others only where nothing is to be said about us. Thread rule: one executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <string_view>

#include "probe/survey/lateness.hpp"
#include "resolver/clock.hpp"

namespace danewatch {

// What kept us from knowing.
enum class Ours { none, too_slow, no_network };

std::string_view in_words(Ours ours);  // "this machine was too slow to tell"

struct SelfSenses {
  std::function<boost::asio::awaitable<void>()> pulse;   // returns at once where the resolver keeps up; empty: none
  std::function<boost::asio::awaitable<bool>()> canary;  // whether anybody out there answers; empty: taken for so
  std::function<void()> begin_anew;                      // the resolver forgets what it learned while we were late
};

class SelfWatch {
 public:
  using Moment = Lateness::Moment;

  SelfWatch(boost::asio::any_io_executor executor, const Clock& clock, SelfSenses senses);
  SelfWatch(const SelfWatch&) = delete;
  SelfWatch& operator=(const SelfWatch&) = delete;

  // Both end after stop().
  boost::asio::awaitable<void> feel_the_pulse();
  boost::asio::awaitable<void> listen();
  void stop() { stopped_ = true; }

  void heard();  // a name server out there, and not a cache

  // Whether silence, a broken connection or a missing proof, waited for since then, may be of our making.
  boost::asio::awaitable<Ours> doubt(Moment from);

  // The last doubt since then.
  Ours doubted_since(Moment from) const { return last_doubt_at_ >= from ? last_doubt_ : Ours::none; }

  // Before something is asked: what was learned in a bad moment is forgotten when that is over.
  void recover();

  bool network_is_there() const { return there_; }
  boost::asio::awaitable<void> wait_for_network();

  bool late_since(Moment from) const { return lateness_.late_between(from, clock_.steady()); }
  bool is_calm() const;
  std::chrono::milliseconds take_worst_lag() { return lateness_.take_worst(clock_.steady()); }
  Lateness& lateness() { return lateness_; }

 private:
  boost::asio::awaitable<bool> ask_canary();
  Ours note(Ours why);
  bool was_silent(Moment from) const;

  boost::asio::any_io_executor executor_;
  const Clock& clock_;
  SelfSenses senses_;
  Lateness lateness_;
  Lateness silence_;  // words from outside, each due some time after the one before
  Moment last_heard_;
  Moment good_since_;     // the resolver's memory is of our good times
  bool spoiled_ = false;  // what it learns may be wrong
  Ours last_doubt_ = Ours::none;
  Moment last_doubt_at_ = Moment::min();
  bool there_ = true;
  bool asking_ = false;
  bool stopped_ = false;
  boost::asio::steady_timer answered_;  // the canary, for all who wait
};

}  // namespace danewatch

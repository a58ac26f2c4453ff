#include "probe/run/self_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds between_beats{100};
constexpr std::chrono::milliseconds between_canaries{500};
constexpr std::chrono::milliseconds fresh_word{100};     // from anybody: the network is there
constexpr std::chrono::milliseconds long_silence{1000};  // nothing was heard: somebody is asked
// Somebody is asked long before: without a word for so long, one who answers now does not say that he would have then.
constexpr std::chrono::milliseconds too_long_a_silence{2300};

}  // namespace

std::string_view in_words(Ours ours) {
  switch (ours) {
    case Ours::too_slow:
      return "this machine was too slow to tell";
    case Ours::no_network:
      return "this machine's network was away";
    case Ours::none:
      break;
  }
  return "";
}

SelfWatch::SelfWatch(asio::any_io_executor executor, const Clock& clock, SelfSenses senses)
    : executor_(std::move(executor)),
      clock_(clock),
      senses_(std::move(senses)),
      last_heard_(clock.steady() - long_silence),
      good_since_(clock.steady()),
      answered_(executor_, Deadline::max()) {
  silence_.expect(clock.steady() + too_long_a_silence);
}

// First our own loop's, then that of the resolver's thread.
asio::awaitable<void> SelfWatch::feel_the_pulse() {
  while (!stopped_) {
    const Moment due = clock_.steady() + between_beats;
    lateness_.expect(due);
    co_await clock_.wait_until(due);
    lateness_.beat(clock_.steady());
    if (!senses_.pulse || stopped_) continue;
    lateness_.expect(clock_.steady());
    co_await senses_.pulse();
    lateness_.beat(clock_.steady());
  }
}

asio::awaitable<void> SelfWatch::listen() {
  while (!stopped_) {
    const Moment next = clock_.steady() + between_canaries;
    co_await clock_.wait_until(next);
    const bool quiet = clock_.steady() - last_heard_ >= long_silence;
    if (quiet || !there_) co_await ask_canary();
  }
}

asio::awaitable<bool> SelfWatch::ask_canary() {
  if (!senses_.canary) co_return true;
  if (asking_) {
    auto token = asio::as_tuple(asio::use_awaitable);
    co_await answered_.async_wait(token);
    co_return there_;
  }
  asking_ = true;
  const bool there = co_await senses_.canary();
  asking_ = false;
  there_ = there;
  if (there) heard();
  answered_.cancel();
  co_return there;
}

asio::awaitable<void> SelfWatch::wait_for_network() {
  while (!there_ && !stopped_) {
    const Moment next = clock_.steady() + between_canaries;
    co_await clock_.wait_until(next);
    co_await ask_canary();
  }
}

void SelfWatch::heard() {
  last_heard_ = clock_.steady();
  there_ = true;
  silence_.beat(last_heard_);
  silence_.expect(last_heard_ + too_long_a_silence);
}

// Where nobody can be asked the network is taken to be there.
bool SelfWatch::was_silent(Moment from) const {
  return senses_.canary && silence_.late_between(from, clock_.steady());
}

bool SelfWatch::is_calm() const {
  const Moment now = clock_.steady();
  return there_ && lateness_.is_calm(now) && !was_silent(now);
}

Ours SelfWatch::note(Ours why) {
  last_doubt_ = why;
  last_doubt_at_ = clock_.steady();
  return why;
}

asio::awaitable<Ours> SelfWatch::doubt(Moment from) {
  // Asked before the resolver forgot a bad moment, or before it could.
  if (spoiled_ || from < good_since_) co_return note(there_ ? Ours::too_slow : Ours::no_network);
  bool there = !was_silent(from);
  const bool unheard = there && !late_since(from) && clock_.steady() - last_heard_ >= fresh_word;
  if (unheard) there = co_await ask_canary();
  if (there && !late_since(from)) co_return Ours::none;
  spoiled_ = true;
  co_return note(late_since(from) ? Ours::too_slow : Ours::no_network);
}

void SelfWatch::recover() {
  if (!spoiled_ || !is_calm()) return;
  if (senses_.begin_anew) senses_.begin_anew();
  spoiled_ = false;
  good_since_ = clock_.steady();
}

}  // namespace danewatch

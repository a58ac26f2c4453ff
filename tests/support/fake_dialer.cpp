#include "tests/support/fake_dialer.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "tests/support/manual_clock.hpp"

namespace danewatch::test {
namespace asio = boost::asio;

namespace {

Address address_of(std::string_view text) {
  return parse_address(text).value();
}

// Counts down however a look ends.
struct Open {
  Open(std::size_t& all, std::size_t& mine) : all_(all), mine_(mine) { ++all_, ++mine_; }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  ~Open() { --all_, --mine_; }

 private:
  std::size_t& all_;
  std::size_t& mine_;
};

}  // namespace

FakeDialer& FakeDialer::plays(TlsEvidence evidence) {
  plays_[{evidence.address, evidence.view}].push_back(std::move(evidence));
  return *this;
}

FakeDialer& FakeDialer::hangs(std::string_view address) {
  hanging_.push_back(address_of(address));
  return *this;
}

FakeDialer& FakeDialer::breaks(std::string_view address) {
  broken_.push_back(address_of(address));
  return *this;
}

FakeDialer& FakeDialer::takes_time(ManualClock& clock, std::chrono::seconds time) {
  clock_ = &clock;
  time_ = time;
  return *this;
}

TlsEvidence FakeDialer::next(const Endpoint& endpoint, const Families& offer) {
  TlsEvidence evidence;
  Families views = offer;
  if (offer.empty() && endpoint.sni.empty()) views.push_back(View::no_sni);
  if (offer.empty()) views.push_back(View::standard);
  auto found = plays_.end();
  for (const View view : views) {
    if (found == plays_.end()) found = plays_.find({endpoint.address, view});
  }
  if (found != plays_.end()) {
    evidence = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
  } else {
    evidence.stage = offer.empty() ? Stage::connect : Stage::handshake;
    evidence.fault = offer.empty() ? Fault::refused : Fault::alert;
  }
  evidence.address = endpoint.address;
  evidence.port = endpoint.port;
  evidence.view = View::standard;
  return evidence;
}

asio::awaitable<TlsEvidence> FakeDialer::observe(Endpoint endpoint, Families offer, Deadline deadline) {
  looks_.push_back({endpoint, offer, deadline});
  const Open open(open_now_, open_[endpoint.address]);
  most_at_once_ = std::max(most_at_once_, open_now_);
  most_on_one_address_ = std::max(most_on_one_address_, open_[endpoint.address]);
  if (clock_ != nullptr) clock_->steady_time += time_;
  for (int turn = 0; turn < 3; ++turn) co_await asio::post(asio::use_awaitable);
  if (std::ranges::find(broken_, endpoint.address) != broken_.end()) throw std::runtime_error("a broken dialer");
  if (std::ranges::find(hanging_, endpoint.address) != hanging_.end()) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer never(executor, asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
  }
  co_return next(endpoint, offer);
}

}  // namespace danewatch::test

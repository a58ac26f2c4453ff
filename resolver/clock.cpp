#include "resolver/clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace danewatch {
namespace asio = boost::asio;

asio::awaitable<void> Clock::wait_until(std::chrono::steady_clock::time_point when) const {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, when);
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace danewatch

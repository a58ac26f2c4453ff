#include "resolver/async.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace danewatch {
namespace asio = boost::asio;

namespace {

// One of several workers that share a queue: takes the next task until none is left.
asio::awaitable<void> work_off(std::vector<Task>& tasks, std::size_t& next) {
  while (next < tasks.size()) {
    const std::size_t mine = next++;
    co_await tasks[mine]();
  }
}

}  // namespace

asio::awaitable<void> run_all(std::vector<Task> tasks, std::size_t at_most) {
  const auto executor = co_await asio::this_coro::executor;
  std::size_t next = 0;
  using Spawned = decltype(asio::co_spawn(executor, work_off(tasks, next), asio::deferred));
  std::vector<Spawned> workers;
  const std::size_t count = std::min(std::max<std::size_t>(at_most, 1), tasks.size());
  for (std::size_t i = 0; i < count; ++i) {
    workers.push_back(asio::co_spawn(executor, work_off(tasks, next), asio::deferred));
  }
  if (workers.empty()) co_return;
  auto group = asio::experimental::make_parallel_group(std::move(workers));
  auto all = asio::experimental::wait_for_all();
  auto [order, errors] = co_await group.async_wait(all, asio::use_awaitable);
  for (const auto& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace danewatch

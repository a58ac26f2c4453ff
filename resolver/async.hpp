// Running coroutines side by side on one executor.
//
// Nothing here starts a thread. Thread rule: call from the executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <vector>

namespace danewatch {

using Task = std::function<boost::asio::awaitable<void>()>;

// Runs every task, at most `at_most` at a time, and returns when all have ended. Tasks are started
// in order. If the caller is cancelled, running tasks are cancelled and no further one is started.
// The first exception of a task is rethrown after all have ended.
boost::asio::awaitable<void> run_all(std::vector<Task> tasks, std::size_t at_most);

}  // namespace danewatch

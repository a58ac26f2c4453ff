// Threads for work that would hold up the loop: the work goes there, only its end comes back.
//
// A cancellation or the deadline ends the waiting and asks the work to stop, but never takes anything away from it: the
// work owns what it uses. Nothing of a coroutine is touched on another thread. The threads start with the first work.
// Thread rule: run() on a single-threaded loop that outlives this; the destructor on any thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>

namespace danewatch {

constexpr std::size_t worker_threads = 2;  // of one process, as a rule

class Workers {
 public:
  using Work = std::function<void(std::stop_token)>;

  explicit Workers(std::size_t threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  // Asks all work to stop and waits until it has: work looks at its token often.
  ~Workers();

  // True: it was done; what it threw is rethrown. False: it was not done in that time, or the waiting was cancelled.
  // Throws std::system_error where no thread can be had.
  boost::asio::awaitable<bool> run(Work work, std::chrono::steady_clock::duration most);

 private:
  boost::asio::thread_pool& pool();

  std::size_t threads_;
  std::stop_source all_;
  std::unique_ptr<boost::asio::thread_pool> pool_;
};

}  // namespace danewatch

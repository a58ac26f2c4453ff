#include "resolver/run_on.hpp"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <future>
#include <stdexcept>
#include <thread>

namespace danewatch {
namespace {
namespace asio = boost::asio;

// The thread that works for others, and the loop that waits for it, which must outlive it.
struct Elsewhere {
  Elsewhere() : thread([this] { io.run(); }) {}
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;
  ~Elsewhere() { guard.reset(); }

  asio::io_context here{1};
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(io);
  std::jthread thread;
};

asio::awaitable<std::thread::id> tell_thread() {
  co_return std::this_thread::get_id();
}

asio::awaitable<int> fail() {
  co_await asio::post(asio::use_awaitable);
  throw std::runtime_error("broken there");
}

asio::awaitable<int> answer_after(std::chrono::microseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, time);
  co_await timer.async_wait(asio::use_awaitable);
  co_return 42;
}

asio::awaitable<int> never(std::promise<std::thread::id>& ended) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
  std::exception_ptr error;
  try {
    co_await timer.async_wait(asio::use_awaitable);
  } catch (...) {
    error = std::current_exception();
  }
  ended.set_value(std::this_thread::get_id());
  std::rethrow_exception(error);
}

template <class T>
struct Outcome {
  std::exception_ptr error;
  T value{};
  std::thread::id thread;
};

template <class T>
Outcome<T> run_there(Elsewhere& there, asio::awaitable<T> task) {
  asio::io_context& io = there.here;
  Outcome<T> outcome;
  asio::co_spawn(io, run_on(there.io.get_executor(), std::move(task)), [&](const std::exception_ptr& error, T value) {
    outcome = {error, std::move(value), std::this_thread::get_id()};
  });
  const auto guard = asio::make_work_guard(io);  // what another thread owes us is no work of this loop
  while (outcome.thread == std::thread::id{}) io.run_one();
  return outcome;
}

TEST(RunOn, RunsThereAndAnswersHere) {
  Elsewhere there;
  const auto outcome = run_there(there, tell_thread());
  EXPECT_EQ(outcome.error, nullptr);
  EXPECT_EQ(outcome.value, there.thread.get_id());
  EXPECT_EQ(outcome.thread, std::this_thread::get_id());
}

TEST(RunOn, AnExceptionComesBack) {
  Elsewhere there;
  const auto outcome = run_there(there, fail());
  ASSERT_NE(outcome.error, nullptr);
  EXPECT_THROW(std::rethrow_exception(outcome.error), std::runtime_error);
}

TEST(RunOn, ACancelledCallerEndsTheRunOnItsOwnThread) {
  std::promise<std::thread::id> ended;
  Elsewhere there;
  asio::io_context& io = there.here;
  asio::cancellation_signal stop;
  bool waited = false;
  asio::co_spawn(io, run_on(there.io.get_executor(), never(ended)),
                 asio::bind_cancellation_slot(stop.slot(), [&](const std::exception_ptr& error, int) {
                   EXPECT_NE(error, nullptr);
                   waited = true;
                 }));
  const auto guard = asio::make_work_guard(io);
  asio::post(io, [&] { stop.emit(asio::cancellation_type::terminal); });
  while (!waited) io.run_one();
  auto thread = ended.get_future();
  ASSERT_EQ(thread.wait_for(std::chrono::seconds(0)), std::future_status::ready) << "the caller waits for the end";
  EXPECT_EQ(thread.get(), there.thread.get_id());
}

// Each is cancelled at about the moment at which it ends: what crosses the threads must own what it touches.
TEST(RunOn, CancellationsAndEndsMayCross) {
  constexpr int runs = 5000;
  Elsewhere there;
  asio::io_context& io = there.here;
  const auto guard = asio::make_work_guard(io);
  int answered = 0;
  for (int i = 0; i < runs; ++i) {
    asio::cancellation_signal stop;
    asio::steady_timer when(io, std::chrono::microseconds(i % 50));
    int open = 2;
    when.async_wait([&](const boost::system::error_code&) {
      stop.emit(asio::cancellation_type::terminal);
      --open;
    });
    const auto done = [&](const std::exception_ptr& error, int value) {
      answered += error == nullptr && value == 42;
      --open;
    };
    auto task = run_on(there.io.get_executor(), answer_after(std::chrono::microseconds(i % 37)));
    asio::co_spawn(io, std::move(task), asio::bind_cancellation_slot(stop.slot(), done));
    while (open > 0) io.run_one();
  }
  EXPECT_GT(answered, 0);
  EXPECT_LT(answered, runs) << "some were cancelled in time";
}

}  // namespace
}  // namespace danewatch

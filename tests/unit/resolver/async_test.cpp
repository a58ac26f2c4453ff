#include "resolver/async.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace danewatch {
namespace {
namespace asio = boost::asio;

struct Load {
  int now = 0;
  int peak = 0;
  int done = 0;
};

asio::awaitable<void> yield_twice(Load& load) {
  load.peak = std::max(load.peak, ++load.now);
  co_await asio::post(asio::use_awaitable);
  co_await asio::post(asio::use_awaitable);
  --load.now;
  ++load.done;
}

std::exception_ptr run(std::vector<Task> tasks, std::size_t at_most) {
  asio::io_context io;
  std::exception_ptr error;
  asio::co_spawn(io, run_all(std::move(tasks), at_most), [&](std::exception_ptr e) { error = e; });
  io.run();
  return error;
}

TEST(RunAll, RunsEveryTaskAndNeverMoreThanAllowed) {
  Load load;
  std::vector<Task> tasks(10, [&load] { return yield_twice(load); });
  EXPECT_EQ(run(tasks, 3), nullptr);
  EXPECT_EQ(load.done, 10);
  EXPECT_EQ(load.peak, 3);
}

TEST(RunAll, NothingToDoEndsAtOnce) {
  EXPECT_EQ(run({}, 3), nullptr);
}

asio::awaitable<void> fail() {
  co_await asio::post(asio::use_awaitable);
  throw std::runtime_error("broken task");
}

TEST(RunAll, AnExceptionIsRethrownAfterTheOthersEnded) {
  Load load;
  std::vector<Task> tasks{[] { return fail(); }, [&load] { return yield_twice(load); }};
  EXPECT_THROW(std::rethrow_exception(run(tasks, 2)), std::runtime_error);
  EXPECT_EQ(load.done, 1);
}

}  // namespace
}  // namespace danewatch

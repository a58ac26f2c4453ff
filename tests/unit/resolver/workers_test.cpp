// Work on other threads: its end comes home, its owner may go, nothing is touched across.
#include "resolver/workers.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

namespace danewatch {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;

using Span = std::chrono::steady_clock::duration;

constexpr Span far = 1h;

// Ends only when it is asked to.
void until_stopped(const std::stop_token& stop, std::promise<void>& begun, std::promise<void>& ended) {
  begun.set_value();
  std::promise<void> asked;
  const std::stop_callback ask(stop, [&asked] { asked.set_value(); });
  asked.get_future().wait();
  ended.set_value();
}

class WorkersTest : public testing::Test {
 protected:
  std::optional<bool> run(Workers::Work work, Span most) {
    std::optional<bool> done;
    asio::co_spawn(io, workers.run(std::move(work), most), [&](const std::exception_ptr& e, bool result) {
      error = e;
      done = result;
    });
    io.run();
    return done;
  }

  asio::io_context io{1};
  Workers workers{2};
  std::exception_ptr error;
};

TEST_F(WorkersTest, TheWorkIsDoneElsewhereAndItsEndComesHome) {
  std::thread::id there;
  EXPECT_EQ(run([&](const std::stop_token&) { there = std::this_thread::get_id(); }, far), true);
  EXPECT_NE(there, std::thread::id());
  EXPECT_NE(there, std::this_thread::get_id());
}

TEST_F(WorkersTest, WhatItThrowsComesHome) {
  run([](const std::stop_token&) { throw std::runtime_error("broken"); }, far);
  ASSERT_TRUE(error);
  EXPECT_THROW(std::rethrow_exception(error), std::runtime_error);
}

TEST_F(WorkersTest, TheDeadlineEndsTheWaitingAndStopsTheWork) {
  std::promise<void> begun, ended;
  const auto work = [&](const std::stop_token& stop) { until_stopped(stop, begun, ended); };
  EXPECT_EQ(run(work, 20ms), false);
  if (begun.get_future().wait_for(0s) == std::future_status::ready) ended.get_future().wait();
}

TEST_F(WorkersTest, ACancellationStopsTheWork) {
  std::promise<void> begun, ended;
  asio::cancellation_signal signal;
  const auto work = [&](const std::stop_token& stop) {
    asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
    until_stopped(stop, begun, ended);
  };
  std::optional<bool> done;
  const auto note = [&](const std::exception_ptr& e, bool result) {
    error = e;
    done = result;
  };
  asio::co_spawn(io, workers.run(work, far), asio::bind_cancellation_slot(signal.slot(), note));
  io.run();
  ended.get_future().wait();
  EXPECT_TRUE(done == false || error);
}

TEST_F(WorkersTest, TheEndOfAllStopsTheWork) {
  std::promise<void> begun, ended;
  auto mine = std::make_unique<Workers>(1);
  const auto work = [&](const std::stop_token& stop) { until_stopped(stop, begun, ended); };
  asio::co_spawn(io, mine->run(work, far), [](const std::exception_ptr&, bool) {});
  io.poll();
  begun.get_future().wait();
  mine.reset();
  EXPECT_EQ(ended.get_future().wait_for(0s), std::future_status::ready);
}

}  // namespace
}  // namespace danewatch

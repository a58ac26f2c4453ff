// Running a coroutine on another thread's executor and waiting for its result here.
//
// Boost 1.81's co_spawn() hands a cancellation to the other thread as a raw pointer, which outlives what it points to
// when the run ends first. Here whatever crosses the threads owns what it needs. Never starts a thread. Thread rule:
// the coroutine runs on `there` alone, its result and its exception arrive on the caller's executor. Both executors
// must outlive the run; a loop that has stopped brings nothing back.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

namespace danewatch {

// What both threads hold of one run. `stop` is touched on `there` alone, `handler` on the caller's thread alone.
template <class T, class Handler>
struct RemoteRun {
  RemoteRun(boost::asio::any_io_executor caller, Handler waiting)
      : here(std::move(caller)), handler(std::move(waiting)) {}

  boost::asio::any_io_executor here;
  Handler handler;
  boost::asio::cancellation_signal stop;
};

template <class T, class Handler>
void begin_remote_run(std::shared_ptr<RemoteRun<T, Handler>> run, const boost::asio::any_io_executor& there,
                      boost::asio::awaitable<T> task) {
  const auto slot = run->stop.slot();
  auto done = [run = std::move(run)](std::exception_ptr error, T result) {
    auto deliver = [run, error = std::move(error), result = std::move(result)]() mutable {
      auto cancelled = boost::asio::get_associated_cancellation_slot(run->handler);
      if (cancelled.is_connected()) cancelled.clear();
      Handler handler = std::move(run->handler);
      std::move(handler)(std::move(error), std::move(result));
    };
    boost::asio::post(run->here, std::move(deliver));
  };
  boost::asio::co_spawn(there, std::move(task), boost::asio::bind_cancellation_slot(slot, std::move(done)));
}

// Waits until `task` has ended there, also where the caller is cancelled: then the task is cancelled on its own thread,
// and what it ends with (its exception as a rule) is what the caller gets. T needs a default constructor.
template <class T>
boost::asio::awaitable<T> run_on(boost::asio::any_io_executor there, boost::asio::awaitable<T> task) {
  auto initiate = [](auto handler, const boost::asio::any_io_executor& executor, boost::asio::awaitable<T> work) {
    using Run = RemoteRun<T, decltype(handler)>;
    const auto here = boost::asio::get_associated_executor(handler, executor);
    const auto slot = boost::asio::get_associated_cancellation_slot(handler);
    auto run = std::make_shared<Run>(here, std::move(handler));
    const auto cancel = [weak = std::weak_ptr<Run>(run), executor](boost::asio::cancellation_type type) {
      const auto alive = weak.lock();
      if (alive) boost::asio::post(executor, [alive, type] { alive->stop.emit(type); });
    };
    if (slot.is_connected()) boost::asio::cancellation_slot(slot).assign(cancel);
    auto begin = [run = std::move(run), executor, work = std::move(work)]() mutable {
      begin_remote_run(std::move(run), executor, std::move(work));
    };
    boost::asio::post(executor, std::move(begin));
  };
  auto token = boost::asio::use_awaitable;
  T result = co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<>, void(std::exception_ptr, T)>(
      std::move(initiate), token, std::move(there), std::move(task));
  co_return result;
}

}  // namespace danewatch

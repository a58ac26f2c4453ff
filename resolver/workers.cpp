#include "resolver/workers.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace danewatch {
namespace asio = boost::asio;

namespace {

// Shared by the loop's thread and the worker's; the last of them frees it.
struct Job {
  Workers::Work work;
  asio::any_io_executor home;
  std::stop_source stop;
  std::exception_ptr error;            // written by the worker before it posts home
  bool done = false;                   // of the loop's thread, as is the next
  asio::steady_timer* bell = nullptr;  // of the coroutine that waits; null: nobody does
};

void ring(Job& job) {
  job.done = true;
  if (job.bell != nullptr) job.bell->cancel();
}

void do_work(const std::shared_ptr<Job>& job, const std::stop_token& all) {
  if (job->stop.stop_requested() || all.stop_requested()) return;
  const std::stop_callback with_all(all, [&job] { job->stop.request_stop(); });
  try {
    job->work(job->stop.get_token());
  } catch (...) {
    job->error = std::current_exception();
  }
  asio::post(job->home, [job] { ring(*job); });
}

// However the waiting ends, also by an exception or with the loop.
class Waiting {
 public:
  Waiting(Job& job, asio::steady_timer& bell) : job_(job) { job_.bell = &bell; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    job_.bell = nullptr;
    if (!job_.done) job_.stop.request_stop();
  }

 private:
  Job& job_;
};

}  // namespace

Workers::Workers(std::size_t threads) : threads_(threads) {}

Workers::~Workers() {
  all_.request_stop();
  if (pool_) pool_->join();
}

asio::thread_pool& Workers::pool() {
  if (!pool_) pool_ = std::make_unique<asio::thread_pool>(threads_);
  return *pool_;
}

asio::awaitable<bool> Workers::run(Work work, std::chrono::steady_clock::duration most) {
  const auto home = co_await asio::this_coro::executor;
  asio::steady_timer bell(home, most);
  const auto job = std::make_shared<Job>();
  job->work = std::move(work);
  job->home = home;
  const Waiting waiting(*job, bell);
  asio::post(pool(), [job, all = all_.get_token()] { do_work(job, all); });
  const auto quietly = asio::as_tuple(asio::use_awaitable);
  co_await bell.async_wait(quietly);
  if (job->done && job->error) std::rethrow_exception(job->error);
  co_return job->done;
}

}  // namespace danewatch

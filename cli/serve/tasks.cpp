// What `serve` does beside probing and answering, until its end.

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "cli/serve/app.hpp"
#include "cli/serve/heartbeat.hpp"
#include "cli/serve/systemd.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::string_view root_is_proven = "the DNS root is proven by the trust anchor";
constexpr std::string_view root_is_not_proven =
    "the DNS root cannot be proven: no network, no name server that answers, or a wrong trust anchor; until then every "
    "verdict is unknown";

}  // namespace

// Ready means that the root was proven once; the metric tells the present.
ServeApp::Nothing ServeApp::watch_root() {
  constexpr std::chrono::seconds patience{5};
  constexpr std::chrono::seconds pause_while_bad{2};
  constexpr std::chrono::seconds pause{30};
  asio::steady_timer timer(io_);
  std::optional<bool> last;
  for (;;) {
    const auto engine = engine_;
    const bool proven = co_await engine->is_root_proven(clock_->steady() + patience);
    metrics_.set_root_validated(proven);
    if (proven != last) write_log(proven ? root_is_proven : root_is_not_proven);
    last = proven;
    if (proven) root_seen_ = true;
    timer.expires_after(proven ? pause : pause_while_bad);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

ServeApp::Nothing ServeApp::watch_file(std::string path) {
  constexpr std::chrono::seconds pause{2};
  asio::steady_timer timer(io_);
  Stillness stillness(file_settles);
  for (;;) {
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
    FileLook seen = look_at_file(path);
    if (seen.stamp.empty() || seen.stamp == file_stamp_ || !stillness.stands(seen, clock_->steady())) continue;
    stillness.forget();
    file_stamp_ = std::move(seen.stamp);
    if (config_.load()->reload_on_change) static_cast<void>(reload(ReloadBy::watching));
  }
}

// The service manager, and who asks whether we are healthy, hear of us only while both threads turn and runs come to an
// end.
ServeApp::Nothing ServeApp::watch_heart() {
  constexpr std::chrono::microseconds usual = std::chrono::seconds(10);
  const auto limit = systemd::watchdog();
  asio::steady_timer timer(io_);
  Heartbeat heart(clock_->steady());
  for (;;) {
    asio::post(http_io_, [this] { ++http_beats_; });
    timer.expires_after(limit ? *limit / 3 : usual);
    co_await timer.async_wait(asio::use_awaitable);
    const Heartbeat::Signs signs{http_beats_.load(), monitor_->ended(), monitor_->in_flight()};
    heart_beats_ = heart.is_alive(signs, clock_->steady());
    if (limit && heart_beats_) systemd::alive();
  }
}

// On the HTTP thread: what nobody could see from a thread that hangs.
ServeApp::Nothing ServeApp::watch_probes() {
  constexpr std::chrono::seconds pause{1};
  asio::steady_timer timer(http_io_);
  for (;;) {
    asio::post(io_, [this] { ++probe_beats_; });
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
    pulse_.look(probe_beats_.load());
    if (pulse_.has_stopped()) end_broken("the probes' thread has stood still for half a minute");
  }
}

// Requests in flight get a moment; who has not ended then loses the connection.
ServeApp::Nothing ServeApp::wait_for_end() {
  constexpr std::chrono::milliseconds pause{20};
  constexpr std::chrono::seconds patience{3};
  const auto until = clock_->steady() + patience;
  asio::steady_timer timer(io_);
  while (clock_->steady() < until) {
    asio::post(http_io_, [this] { open_connections_ = server_->connections(); });
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
    const bool idle = monitor_->in_flight() == 0 && open_connections_ == 0;
    if (idle) co_return io_.stop();
  }
  std::_Exit(EXIT_SUCCESS);  // what is left hangs in a foreign library or waits for a slow peer
}

}  // namespace danewatch

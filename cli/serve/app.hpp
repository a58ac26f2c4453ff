// Inner: everything one `danewatch serve` owns, and how it starts, reloads and ends.
//
// Probes run on the thread that calls run(), HTTP and signals on one of its own, so that neither a scrape nor the end
// waits for a probe. A thread that breaks or stands still ends the process with a status that a service manager takes
// as a reason to start it anew. Thread rule: one owner.
#pragma once

#include <atomic>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "cli/serve/config.hpp"
#include "cli/serve/latest.hpp"
#include "cli/serve/memory.hpp"
#include "cli/serve/pulse.hpp"
#include "cli/serve/routes.hpp"
#include "cli/serve/server_memory.hpp"
#include "probe/run/monitor.hpp"

namespace danewatch {

class ServeApp {
 public:
  // `security`: null without a web configuration.
  ServeApp(const ServeOptions& options, std::shared_ptr<const Config> config, std::shared_ptr<HttpSecurity> security);
  ServeApp(const ServeApp&) = delete;
  ServeApp& operator=(const ServeApp&) = delete;
  ~ServeApp();

  int run();  // until SIGTERM or SIGINT; the exit status

 private:
  using Nothing = boost::asio::awaitable<void>;

  ServeBackend backend();
  std::vector<MonitorJob> jobs();
  MonitorOptions monitor_options() const;
  boost::asio::awaitable<Report> run_scheduled(TargetConfig target, Deadline deadline, Admit admit);
  boost::asio::awaitable<Report> run_probe(Engine::Job job, Deadline deadline);
  boost::asio::awaitable<Report> probe(Engine::Job job, Deadline deadline);
  boost::asio::awaitable<std::optional<ServeMemory::Known>> history(std::string name);
  boost::asio::awaitable<std::optional<ServeMemory::Known>> history_here(std::string name);
  boost::asio::awaitable<std::optional<std::string>> evidence(std::string name, SysTime at);
  boost::asio::awaitable<std::optional<std::string>> reload_soon();
  boost::asio::awaitable<std::optional<std::string>> reload_here();

  void listen(std::shared_ptr<HttpSecurity> security);
  std::optional<std::string> reload(ReloadBy by = ReloadBy::request);
  void adopt(std::shared_ptr<const Config> config);
  void publish(const std::string& name, Report report);
  Nothing watch_root();
  Nothing watch_file(std::string path);
  Nothing watch_heart();
  Nothing watch_probes();
  Nothing wait_for_end();
  void spawn(Nothing task);
  void wait_for_signal();
  void begin_end();
  void end_probes();
  std::string status() const;

  ServeOptions options_;
  boost::asio::io_context http_io_{1};  // outlives the other: who waits for a probe has a socket here
  boost::asio::io_context io_{1};
  std::unique_ptr<Clock> clock_;
  SelfMetrics metrics_;
  Board board_;
  AddressGate gate_;
  Workers workers_{worker_threads};
  Latest<Config> config_;
  ServerMemory server_memory_;
  std::shared_ptr<Engine> engine_;
  std::unique_ptr<Monitor> monitor_;
  std::unique_ptr<ServeMemory> memory_;  // null: nothing is remembered
  std::unique_ptr<ServeRoutes> routes_;
  std::unique_ptr<HttpServer> server_;
  boost::asio::signal_set signals_;  // on the HTTP thread, as all down to the pulse
  boost::asio::steady_timer last_resort_;
  Pulse pulse_;
  std::list<boost::asio::cancellation_signal> tasks_;  // that go on until the end
  std::atomic<bool> root_seen_{false};
  std::atomic<bool> heart_beats_{true};
  std::atomic<std::uint64_t> http_beats_{0}, probe_beats_{0};
  std::atomic<std::size_t> open_connections_{0};
  std::string file_stamp_;  // of the configuration, when it was read
  std::atomic<bool> ending_{false};
};

}  // namespace danewatch

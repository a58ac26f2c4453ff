#include "cli/serve/app.hpp"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "cli/clock/system_clock.hpp"
#include "cli/serve/systemd.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"
#include "exporters/http/security.hpp"
#include "exporters/words/escape.hpp"
#include "resolver/run_on.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

// The moment on the steady clock at which the world's clock was 0: turns stay where they are after a restart.
Deadline turns_epoch() {
  return SystemClock().steady() - std::chrono::duration_cast<Deadline::duration>(SystemClock::since_epoch());
}

// Nobody can go on from what leaves a loop: the other thread would serve what no longer changes.
void turn(asio::io_context& loop) {
  try {
    loop.run();
  } catch (const std::exception& error) {
    end_broken(error.what());
  } catch (...) {
    end_broken("an unknown error");
  }
}

}  // namespace

ServeApp::ServeApp(const ServeOptions& options, std::shared_ptr<const Config> config,
                   std::shared_ptr<HttpSecurity> security)
    : options_(options),
      clock_(std::make_unique<SystemClock>()),
      senders_(*clock_, [](const std::string& line) { write_log(escape_for_terminal(line)); }),
      signals_(http_io_, SIGTERM, SIGINT, SIGHUP),
      last_resort_(http_io_) {
  monitor_ = std::make_unique<Monitor>(io_.get_executor(), *clock_, MonitorOptions{}, turns_epoch());
  if (options_.config_file) file_stamp_ = look_at_file(*options_.config_file).stamp;
  adopt(std::move(config));
  routes_ = std::make_unique<ServeRoutes>(backend());
  listen(std::move(security));
}

ServeApp::~ServeApp() = default;

ServeBackend ServeApp::backend() {
  return {.board = board_,
          .metrics = metrics_,
          .clock = *clock_,
          .config = [this] { return config_.load(); },
          .probe = [this](Engine::Job job, Deadline deadline) { return probe(std::move(job), deadline); },
          .reload = [this] { return reload_soon(); },
          .events = memory_ ? &memory_->events() : nullptr,
          .senders = [this] { return senders_.latest(); },
          .history = [this](std::string name) { return history(std::move(name)); },
          .evidence = [this](std::string name, SysTime at) { return evidence(std::move(name), at); },
          .ready = [this] { return root_seen_.load(); },
          .alive = [this] { return pulse_.is_steady() && heart_beats_.load(); },
          .in_flight = [this] { return monitor_->in_flight(); },
          .queued = [this] { return monitor_->queued(); },
          .external_url = options_.external_url};
}

void ServeApp::listen(std::shared_ptr<HttpSecurity> security) {
  HttpHooks hooks;
  hooks.handler = [this](HttpRequest request) { return routes_->handle(std::move(request)); };
  hooks.count = [this](const std::string& route, int code) { metrics_.count_request(route, code); };
  hooks.cancellable = [this](const HttpRequest& request) { return routes_->is_cancellable(request); };
  if (security) security->watch_reloads([this](bool taken) { metrics_.set_web_reload(taken, clock_->now()); });
  HttpLimits limits;
  limits.connections = config_.load()->limits.connections;
  server_ = std::make_unique<HttpServer>(http_io_.get_executor(), std::move(hooks), limits, std::move(security));
  const auto given = systemd::listen_descriptors();
  for (const int descriptor : given) server_->adopt(descriptor);
  auto addresses = options_.listen_addresses;
  if (addresses.empty() && given.empty()) addresses = {"127.0.0.1:19115"};
  for (const auto& text : addresses) server_->listen(*parse_listen_address(text));
  for (const auto& address : server_->addresses()) write_log("listening on " + escape_for_terminal(address));
}

MonitorOptions ServeApp::monitor_options() const {
  const auto config = config_.load();
  MonitorOptions options;
  options.in_flight = config->limits.in_flight;
  options.per_provider = config->limits.per_provider;
  return options;
}

std::vector<MonitorJob> ServeApp::jobs() {
  const auto config = config_.load();
  std::vector<MonitorJob> jobs;
  for (const TargetConfig& target : config->targets) {
    MonitorJob& job = jobs.emplace_back();
    job.name = target.name;
    job.target = target.target;
    job.module = target.module;
    job.interval = target.interval;
    job.timeout = config->modules.at(target.module).timeout;
    job.run = [this, target](Deadline deadline, Admit admit) {
      return run_scheduled(target, deadline, std::move(admit));
    };
    job.publish = [this, name = target.name](Report report) { publish(name, std::move(report)); };
  }
  return jobs;
}

void ServeApp::publish(const std::string& name, Report report) {
  const auto shared = std::make_shared<const Report>(std::move(report));
  board_.publish(name, shared);
  if (memory_) memory_->add(name, shared);
}

// Everything that can fail comes before anything changes.
void ServeApp::adopt(std::shared_ptr<const Config> config) {
  const bool is_first = !engine_;
  const auto old = config_.load();
  if (!is_first && old->history != config->history) {
    throw std::runtime_error("history: is another than before; that takes a restart");
  }
  const Engine::Shared shared{io_.get_executor(), *clock_, gate_, workers_, metrics_};
  engine_ = std::make_shared<Engine>(shared, config, engine_.get());
  config_.store(config);
  board_.configure(board_entries(*config));
  const std::optional<HistoryConfig>& history = config->history;
  if (is_first && history) {
    const ServeMemory::Around around{io_.get_executor(),           board_, metrics_, *clock_, workers_,
                                     config->resolver.trust_anchor};
    memory_ = std::make_unique<ServeMemory>(around, *history);
  }
  if (memory_) memory_->watch(config->targets);
  monitor_->set_jobs(jobs(), monitor_options());
  std::vector<std::string> names;
  for (const TargetConfig& target : config->targets) names.push_back(target.name);
  server_memory_.forget_others(names);
  senders_.configure(config->tlsrpt);
  const auto limit = [this, most = config->limits.connections] { server_->limit_connections(most); };
  if (server_) asio::post(http_io_, limit);
  metrics_.set_reload(std::nullopt, clock_->now());
}

std::optional<std::string> ServeApp::reload(ReloadBy by) {
  systemd::reloading();
  std::optional<std::string> error;
  auto config = load_next_config(options_, *config_.load(), by);
  if (!config) {
    error = config.error();
  } else {
    try {
      adopt(std::move(*config));
    } catch (const std::exception& failure) {
      error = failure.what();
    }
  }
  if (error) metrics_.set_reload(*error, clock_->now());
  write_log(error ? "reload failed, the old configuration stays in force" : "configuration reloaded");
  for (const auto& line : lines_of(error.value_or(""))) write_log(line);
  systemd::ready(status());
  return error;
}

asio::awaitable<Report> ServeApp::run_scheduled(TargetConfig target, Deadline deadline, Admit admit) {
  const auto engine = engine_;
  Engine::Job job;
  job.module = engine->config()->modules.at(target.module);
  job.target = std::move(target.target);
  job.next = std::move(target.next);
  job.admit = std::move(admit);
  job.known_senders = [this](const Target& of, const DnsEvidence& dns) { return senders_.saw(of, dns); };
  if (const auto interval = engine->config()->servers_interval) {
    const ServerMemory::Pace pace{*interval, engine->config()->targets.size()};
    job.ask_servers = true;
    job.kept_servers = [this, pace, name = target.name](const DnsEvidence& dns) {
      return server_memory_.known(name, dns, pace, clock_->now());
    };
  }
  Report report = co_await engine->run(std::move(job), deadline);
  server_memory_.remember(target.name, report);
  co_return report;
}

asio::awaitable<Report> ServeApp::run_probe(Engine::Job job, Deadline deadline) {
  const auto engine = engine_;
  Report report = co_await engine->run(std::move(job), deadline);
  co_return report;
}

// Called on the HTTP thread; the run itself, and its cancellation, happen on the probes' thread.
asio::awaitable<Report> ServeApp::probe(Engine::Job job, Deadline deadline) {
  auto task = run_probe(std::move(job), deadline);
  Report report = co_await run_on(io_.get_executor(), std::move(task));
  co_return report;
}

asio::awaitable<std::optional<ServeMemory::Known>> ServeApp::history_here(std::string name) {
  co_return memory_->find(name);
}

asio::awaitable<std::optional<ServeMemory::Known>> ServeApp::history(std::string name) {
  auto task = history_here(std::move(name));
  auto known = co_await run_on(io_.get_executor(), std::move(task));
  co_return known;
}

asio::awaitable<std::optional<std::string>> ServeApp::evidence(std::string name, SysTime at) {
  auto task = memory_->evidence(std::move(name), at);
  auto text = co_await run_on(io_.get_executor(), std::move(task));
  co_return text;
}

asio::awaitable<std::optional<std::string>> ServeApp::reload_here() {
  co_return reload();
}

asio::awaitable<std::optional<std::string>> ServeApp::reload_soon() {
  auto task = reload_here();
  auto error = co_await run_on(io_.get_executor(), std::move(task));
  co_return error;
}

std::string ServeApp::status() const {
  const auto count = config_.load()->targets.size();
  const std::string now = count == 0 ? "no targets are configured: only requests to /probe are looked at"
                                     : fmt::format("looking at {} target{}", count, count == 1 ? "" : "s");
  const std::string problem = metrics_.reload_problem();
  return problem.empty() ? now : fmt::format("{}. {}", now, escape_for_terminal(problem));
}

void ServeApp::spawn(Nothing task) {
  auto& signal = tasks_.emplace_back();
  const auto ended = [this](const std::exception_ptr& error) {
    if (error && !ending_) std::rethrow_exception(error);
  };
  asio::co_spawn(io_, std::move(task), asio::bind_cancellation_slot(signal.slot(), ended));
}

int ServeApp::run() {
  wait_for_signal();
  if (memory_) memory_->wait();  // what it found is the first thing that the loop takes up
  spawn(monitor_->run());
  spawn(watch_root());
  if (options_.config_file) spawn(watch_file(*options_.config_file));
  spawn(watch_heart());
  asio::co_spawn(http_io_, watch_probes(), asio::detached);
  const auto guard = asio::make_work_guard(http_io_);
  std::jthread http([this] { turn(http_io_); });
  systemd::ready(status());
  write_log(status());
  write_log("ready");
  turn(io_);
  http_io_.stop();
  http.join();
  return 0;
}

void ServeApp::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    wait_for_signal();
    if (signal == SIGHUP) {
      asio::post(io_, [this] { static_cast<void>(reload()); });
    } else {
      begin_end();
    }
  });
}

// On the HTTP thread, which answers also while the probes' thread stands still.
void ServeApp::begin_end() {
  constexpr std::chrono::seconds patience{5};
  if (ending_.exchange(true)) return;
  last_resort_.expires_after(patience);
  last_resort_.async_wait([](const boost::system::error_code& error) {
    if (!error) std::_Exit(EXIT_SUCCESS);
  });
  server_->stop();
  asio::post(io_, [this] { end_probes(); });
}

void ServeApp::end_probes() {
  systemd::stopping();
  for (auto& task : tasks_) task.emit(asio::cancellation_type::terminal);
  monitor_->cancel_runs();
  spawn(wait_for_end());
}

}  // namespace danewatch

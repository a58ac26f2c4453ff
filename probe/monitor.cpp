#include "probe/monitor.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "probe/judge.hpp"
#include "probe/schedule.hpp"

namespace danewatch {
namespace asio = boost::asio;

struct Monitor::Slot {
  MonitorJob job;
  std::vector<std::string> providers;  // of the last run
  bool removed = false;
};

struct Monitor::Run {
  Run(SlotPtr s, const asio::any_io_executor& executor)
      : slot(std::move(s)), job(slot->job), providers(slot->providers), watchdog(executor) {}

  SlotPtr slot;
  MonitorJob job;  // as it was when the run began
  std::vector<std::string> providers;
  asio::cancellation_signal cancel;
  asio::steady_timer watchdog;
  bool ended = false;
};

Monitor::Monitor(asio::any_io_executor executor, const Clock& clock, MonitorOptions options, Deadline epoch)
    : executor_(std::move(executor)), clock_(clock), options_(options), epoch_(epoch), wake_(executor_) {}

Monitor::~Monitor() = default;

void Monitor::schedule(const SlotPtr& slot, Deadline when) {
  if (!slot->removed) turns_.emplace(when, slot);
}

void Monitor::set_jobs(std::vector<MonitorJob> jobs, MonitorOptions options) {
  options_ = options;
  std::map<std::string, SlotPtr> known;
  known.swap(slots_);
  const Deadline now = clock_.steady();
  std::chrono::milliseconds pace{0};
  for (MonitorJob& job : jobs) {
    const std::string name = job.name;
    const auto old = known.find(name);
    if (old != known.end() && old->second->job.interval == job.interval) {
      old->second->job = std::move(job);
      slots_.insert(known.extract(old));
      continue;
    }
    auto slot = std::make_shared<Slot>();
    slot->job = std::move(job);
    slots_[name] = slot;
    schedule(slot, now + std::min(pace, slot->job.interval));
    pace += options_.start_pace;
  }
  for (const auto& [name, slot] : known) slot->removed = true;
  std::erase_if(turns_, [](const auto& turn) { return turn.second->removed; });
  std::erase_if(ready_, [](const SlotPtr& slot) { return slot->removed; });
  queued_ = ready_.size();
  wake_.cancel();
}

bool Monitor::may_start(const Slot& slot) const {
  return std::ranges::none_of(slot.providers, [this](const std::string& provider) {
    const auto busy = providers_.find(provider);
    return busy != providers_.end() && busy->second >= options_.per_provider;
  });
}

Deadline Monitor::tick(Deadline now) {
  constexpr std::size_t farthest = 1000;  // jobs looked at behind one whose provider is busy
  while (!turns_.empty() && turns_.begin()->first <= now) {
    ready_.push_back(turns_.begin()->second);
    turns_.erase(turns_.begin());
  }
  std::size_t index = 0;
  while (in_flight_ < options_.in_flight && index < std::min(ready_.size(), farthest)) {
    if (!may_start(*ready_[index])) {
      ++index;
      continue;
    }
    const SlotPtr slot = ready_[index];
    ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(index));
    start(slot, now);
  }
  queued_ = ready_.size();
  return turns_.empty() ? now + std::chrono::hours(1) : turns_.begin()->first;
}

void Monitor::start(const SlotPtr& slot, Deadline now) {
  auto run = std::make_shared<Run>(slot, executor_);
  for (const auto& provider : run->providers) ++providers_[provider];
  runs_.insert(run);
  ++in_flight_;
  const Deadline deadline = now + run->job.timeout;
  watch(run, deadline + options_.grace);
  const auto done = [this, run](const std::exception_ptr& error, Report report) { end(run, error, std::move(report)); };
  try {
    asio::co_spawn(executor_, run->job.run(deadline), asio::bind_cancellation_slot(run->cancel.slot(), done));
  } catch (...) {
    end(run, std::current_exception(), Report{});
  }
}

// A run that ignores its deadline loses its place, and its result is not waited for.
void Monitor::watch(const std::shared_ptr<Run>& run, Deadline until) {
  run->watchdog.expires_at(until);
  run->watchdog.async_wait([this, run](const boost::system::error_code& error) {
    if (error || run->ended) return;
    run->cancel.emit(asio::cancellation_type::terminal);
    end(run, std::make_exception_ptr(std::runtime_error("does not end")), Report{});
  });
}

void Monitor::end(const std::shared_ptr<Run>& run, std::exception_ptr error, Report report) {
  if (run->ended) return;
  run->ended = true;
  run->watchdog.cancel();
  runs_.erase(run);
  --in_flight_;
  ++ended_;
  for (const auto& provider : run->providers) {
    if (--providers_[provider] == 0) providers_.erase(provider);
  }
  if (error) report = not_run_report(run->job.target, Reason::local_limit, clock_.now());
  run->slot->providers = providers_of(report);
  const Deadline now = clock_.steady();
  const MonitorJob& job = run->slot->job;
  const Deadline turn = next_turn(now, epoch_, job.interval, phase_of(job.name, job.interval));
  schedule(run->slot, turn);
  if (!run->slot->removed) job.publish(std::move(report));
  wake_.cancel();
}

asio::awaitable<void> Monitor::run() {
  for (;;) {
    const Deadline next = tick(clock_.steady());
    wake_.expires_at(next);
    boost::system::error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return;
  }
}

void Monitor::cancel_runs() {
  const auto runs = runs_;
  for (const auto& run : runs) run->cancel.emit(asio::cancellation_type::terminal);
}

std::vector<std::string> providers_of(const Report& report) {
  std::set<std::string> result;
  for (const HostEvidence& host : report.dns.hosts) {
    result.insert(host.host);
    for (const HostAddress& address : host.addresses) {
      Address block = address.address;
      std::fill(block.bytes.begin() + (block.v6 ? 6 : 3), block.bytes.end(), std::uint8_t{0});
      result.insert(to_string(block));
    }
  }
  return {result.begin(), result.end()};
}

}  // namespace danewatch

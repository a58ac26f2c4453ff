#include "probe/run/monitor.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "probe/judgement/judge.hpp"
#include "probe/run/schedule.hpp"

namespace danewatch {
namespace asio = boost::asio;

struct Monitor::Slot {
  MonitorJob job;
  std::vector<std::string> providers;  // as far as they are known
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
  bool postponed = false;  // until there is room at its providers
};

namespace {

bool is_same(const MonitorJob& a, const MonitorJob& b) {
  return a.target == b.target && a.module == b.module && a.interval == b.interval;
}

}  // namespace

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
    if (old != known.end() && is_same(old->second->job, job)) {
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
  for (const auto& [provider, slots_there] : parked_)
    ready_.insert(ready_.end(), slots_there.begin(), slots_there.end());
  parked_.clear();  // the limits may be others now
  std::erase_if(ready_, [](const SlotPtr& slot) { return slot->removed; });
  refresh_queued();
  wake_.cancel();
}

void Monitor::refresh_queued() {
  std::size_t count = ready_.size();
  for (const auto& [provider, slots] : parked_) count += slots.size();
  queued_ = count;
}

void Monitor::take_due(Deadline now) {
  while (!turns_.empty() && turns_.begin()->first <= now) {
    ready_.push_back(turns_.begin()->second);
    turns_.erase(turns_.begin());
  }
}

bool Monitor::is_busy(const std::string& provider) const {
  const auto found = providers_.find(provider);
  return found != providers_.end() && found->second >= options_.per_provider;
}

const std::string* Monitor::busy_one(const Providers& providers) const {
  const auto found = std::ranges::find_if(providers, [this](const auto& provider) { return is_busy(provider); });
  return found == providers.end() ? nullptr : &*found;
}

// A place that this job could not use is offered to the next one.
void Monitor::park(const SlotPtr& slot, const std::string& provider) {
  parked_[provider].push_back(slot);
  for (const auto& other : slot->providers) {
    if (other != provider) unpark(other);
  }
}

void Monitor::unpark(const std::string& provider) {
  const auto entry = parked_.find(provider);
  if (entry == parked_.end() || is_busy(provider)) return;
  ready_.push_front(entry->second.front());
  entry->second.pop_front();
  if (entry->second.empty()) parked_.erase(entry);
  wake_.cancel();
}

void Monitor::hold(const Providers& providers) {
  for (const auto& provider : providers) ++providers_[provider];
}

void Monitor::release(const Providers& providers) {
  for (const auto& provider : providers) {
    const auto entry = providers_.find(provider);
    if (--entry->second == 0) providers_.erase(entry);
  }
}

Deadline Monitor::tick(Deadline now) {
  take_due(now);
  while (in_flight_ < options_.in_flight && !ready_.empty()) {
    const SlotPtr slot = ready_.front();
    ready_.pop_front();
    const std::string* busy = busy_one(slot->providers);
    if (busy != nullptr) {
      park(slot, *busy);
    } else {
      start(slot, now);
    }
  }
  refresh_queued();
  return turns_.empty() ? now + std::chrono::hours(1) : turns_.begin()->first;
}

// What the last run saw may be outdated, and a first run knows nothing before the DNS has answered.
bool Monitor::admit(const std::shared_ptr<Run>& run, const DnsEvidence& dns) {
  if (run->ended) return false;
  const Providers before = std::exchange(run->providers, {});
  release(before);
  run->slot->providers = providers_of(dns);
  run->postponed = busy_one(run->slot->providers) != nullptr;
  if (!run->postponed) {
    run->providers = run->slot->providers;
    hold(run->providers);
  }
  for (const auto& provider : before) unpark(provider);
  return !run->postponed;
}

void Monitor::start(const SlotPtr& slot, Deadline now) {
  auto run = std::make_shared<Run>(slot, executor_);
  hold(run->providers);
  runs_.insert(run);
  ++in_flight_;
  const Deadline deadline = now + run->job.timeout;
  watch(run, deadline + options_.grace);
  const auto done = [this, run](const std::exception_ptr& error, Report report) { end(run, error, std::move(report)); };
  const auto admitted = [this, run](const DnsEvidence& dns) { return admit(run, dns); };
  try {
    asio::co_spawn(executor_, run->job.run(deadline, admitted), asio::bind_cancellation_slot(run->cancel.slot(), done));
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
  release(run->providers);
  for (const auto& provider : run->providers) unpark(provider);
  if (run->postponed && !error) {
    if (!run->slot->removed) ready_.push_back(run->slot);
  } else {
    if (error) report = not_run_report(run->job.target, NotLooked::Why::local_limit, clock_.now());
    conclude(*run, std::move(report));
  }
  refresh_queued();
  wake_.cancel();
}

void Monitor::conclude(const Run& run, Report report) {
  ++ended_;
  const MonitorJob& job = run.slot->job;
  schedule(run.slot, next_turn(clock_.steady(), epoch_, job.interval, phase_of(job.name, job.interval)));
  if (!run.slot->removed) job.publish(std::move(report));
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

std::vector<std::string> providers_of(const DnsEvidence& dns) {
  std::set<std::string> result;
  for (const HostEvidence& host : dns.hosts) {
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

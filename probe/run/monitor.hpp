// Many runs over time: every job at its turn, a bounded number in flight.
//
// Knows no DNS and no socket: a job brings its own run. A run that throws, or that does not end when its time is over,
// is reported as unknown/local-limit and never stops another. Jobs whose servers belong to one provider (the same
// address block or MX name) wait for each other beyond a limit: before a run begins by what the last one saw, and once
// more when it knows its servers. A run that may not go on then comes again when there is room. Thread rule: the
// executor's thread; the counters may be read from any.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "probe/run/probe.hpp"

namespace danewatch {

struct MonitorJob {
  std::string name;    // unique
  Target target;       // what a result is about,
  std::string module;  // and how it is looked at
  std::chrono::milliseconds interval{300000};
  std::chrono::milliseconds timeout{30000};
  std::function<boost::asio::awaitable<Report>(Deadline, Admit)> run;
  std::function<void(Report)> publish;
};

struct MonitorOptions {
  std::size_t in_flight = 64;
  std::size_t per_provider = 8;
  std::chrono::milliseconds grace{3000};     // beyond the timeout, before a run is given up
  std::chrono::milliseconds start_pace{10};  // between first runs, so that a start is no flood
};

class Monitor {
 public:
  // `epoch`: what turns are counted from; the same after a restart if it follows from the world's clock.
  Monitor(boost::asio::any_io_executor executor, const Clock& clock, MonitorOptions options, Deadline epoch);
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  ~Monitor();

  // Replaces all jobs. A known name keeps its turn, and its run in flight ends as it began; a new one, or one that
  // means something else now, runs soon. Results of what is not asked for any more are not published.
  void set_jobs(std::vector<MonitorJob> jobs, MonitorOptions options);

  Deadline tick(Deadline now);         // starts what is due; when to come again
  boost::asio::awaitable<void> run();  // ticks until cancelled
  void cancel_runs();                  // at the end of the process

  std::size_t in_flight() const { return in_flight_; }
  std::size_t queued() const { return queued_; }
  std::uint64_t ended() const { return ended_; }

 private:
  struct Slot;
  struct Run;
  using SlotPtr = std::shared_ptr<Slot>;

  using Providers = std::vector<std::string>;

  void refresh_queued();
  void take_due(Deadline now);
  bool is_busy(const std::string& provider) const;
  const std::string* busy_one(const Providers& providers) const;  // null: none
  void park(const SlotPtr& slot, const std::string& provider);
  void unpark(const std::string& provider);
  void hold(const Providers& providers);
  void release(const Providers& providers);
  bool admit(const std::shared_ptr<Run>& run, const DnsEvidence& dns);
  void start(const SlotPtr& slot, Deadline now);
  void watch(const std::shared_ptr<Run>& run, Deadline until);
  void end(const std::shared_ptr<Run>& run, std::exception_ptr error, Report report);
  void conclude(const Run& run, Report report);
  void schedule(const SlotPtr& slot, Deadline when);

  boost::asio::any_io_executor executor_;
  const Clock& clock_;
  MonitorOptions options_;
  Deadline epoch_;
  boost::asio::steady_timer wake_;
  std::map<std::string, SlotPtr> slots_;
  std::multimap<Deadline, SlotPtr> turns_;  // those of one moment in the order in which they came
  std::deque<SlotPtr> ready_;
  std::set<std::shared_ptr<Run>> runs_;
  std::map<std::string, std::size_t> providers_;       // runs in flight
  std::map<std::string, std::deque<SlotPtr>> parked_;  // by the provider they wait for
  std::atomic<std::size_t> in_flight_{0}, queued_{0};
  std::atomic<std::uint64_t> ended_{0};
};

// Who may mind many connections at once: MX host names and address blocks (/24, /48). Pure.
std::vector<std::string> providers_of(const DnsEvidence& dns);

}  // namespace danewatch

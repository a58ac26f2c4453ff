// What danewatch tells about itself: probes, HTTP requests, its configuration and its process.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporters/metrics/metric_family.hpp"
#include "probe/life/events.hpp"
#include "probe/report/verdict.hpp"
#include "resolver/dns/answer.hpp"

namespace danewatch {

struct HistoryState {
  bool up = false;
  std::uint64_t errors = 0;
};

class SelfMetrics {
 public:
  void count_probe(Verdict verdict);
  void count_rejected() { ++rejected_; }
  void count_unknown_module() { ++unknown_module_; }
  void count_dns(Status status);
  void count_request(const std::string& route, int status);
  void set_root_validated(bool validated) { root_validated_ = validated; }
  // What went wrong; nothing: the configuration is in force.
  void set_reload(const std::optional<std::string>& problem, SysTime at);
  void set_web_reload(bool successful, SysTime at);  // where there is a web configuration

  // Where something is remembered: asked at each scrape, from the thread of the scrape. Empty: nothing is.
  void watch_history(std::function<HistoryState()> state);
  void count_event(EventCode code);

  // For people: what is wrong with the configurations that were read last; empty: nothing.
  std::string reload_problem() const;

  std::vector<Family> families(std::size_t in_flight, std::size_t queued) const;

 private:
  void add_web_reload(std::vector<Family>& all) const;
  void add_history(std::vector<Family>& all) const;

  mutable std::mutex mutex_;
  std::map<Verdict, std::uint64_t> probes_;
  std::map<Status, std::uint64_t> dns_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;
  std::map<EventCode, std::uint64_t> events_;
  std::function<HistoryState()> history_;
  std::atomic<std::uint64_t> rejected_{0}, unknown_module_{0};
  std::atomic<bool> root_validated_{false}, reload_successful_{true};
  std::optional<SysTime> reloaded_at_;
  std::string reload_problem_;
  std::optional<bool> web_reload_successful_;
  std::optional<SysTime> web_reloaded_at_;
};

// process_* as other exporters have them; what /proc does not tell is absent.
std::vector<Family> process_metrics();

}  // namespace danewatch

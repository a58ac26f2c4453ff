#include "exporters/self/self_metrics.hpp"

#include <array>

namespace danewatch {
namespace {

constexpr auto gauge = MetricType::gauge;
constexpr auto counter = MetricType::counter;

double seconds_of(SysTime time) {
  return static_cast<double>(time.time_since_epoch().count());
}

Family single(std::string_view name, MetricType type, std::string_view help, double value) {
  return {{name, type, help}, {{{}, value}}};
}

}  // namespace

void SelfMetrics::count_probe(Verdict verdict) {
  const std::lock_guard lock(mutex_);
  ++probes_[verdict];
}

void SelfMetrics::count_dns(Status status) {
  const std::lock_guard lock(mutex_);
  ++dns_[status];
}

void SelfMetrics::count_request(const std::string& route, int status) {
  const std::lock_guard lock(mutex_);
  ++requests_[{route, status}];
}

void SelfMetrics::set_reload(const std::optional<std::string>& problem, SysTime at) {
  const std::lock_guard lock(mutex_);
  reload_successful_ = !problem;
  reload_problem_ = problem ? problem->substr(0, problem->find('\n')) : "";
  if (!problem) reloaded_at_ = at;
}

std::string SelfMetrics::reload_problem() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  if (!reload_successful_) {
    text = "The configuration was changed and could not be loaded; the old one stays in force: " + reload_problem_;
  }
  if (!web_reload_successful_.value_or(true)) {
    text += std::string(text.empty() ? "" : " ") +
            "The web configuration was changed and could not be loaded, the log says why; the old one stays in force.";
  }
  return text;
}

void SelfMetrics::set_web_reload(bool successful, SysTime at) {
  const std::lock_guard lock(mutex_);
  web_reload_successful_ = successful;
  if (successful) web_reloaded_at_ = at;
}

void SelfMetrics::watch_history(std::function<HistoryState()> state) {
  const std::lock_guard lock(mutex_);
  history_ = std::move(state);
}

void SelfMetrics::count_event(EventCode code) {
  const std::lock_guard lock(mutex_);
  ++events_[code];
}

void SelfMetrics::add_history(std::vector<Family>& all) const {
  if (!history_) return;
  const HistoryState state = history_();
  all.push_back(
      single("danewatch_history_up", gauge, "1 while what is remembered is kept in its file.", state.up ? 1 : 0));
  all.push_back(single("danewatch_history_write_errors_total", counter, "Attempts to keep the history that failed.",
                       static_cast<double>(state.errors)));
  Family events{{"dane_events_total", counter, "Changes that were seen and kept, by what changed."}, {}};
  for (const EventCode code : event_codes()) {
    const auto found = events_.find(code);
    const double count = found == events_.end() ? 0 : static_cast<double>(found->second);
    events.samples.push_back({{{"code", std::string(to_string(code))}}, count});
  }
  all.push_back(std::move(events));
}

void SelfMetrics::add_web_reload(std::vector<Family>& all) const {
  if (!web_reload_successful_) return;
  all.push_back(single("danewatch_web_config_last_reload_successful", gauge,
                       "1 if the web configuration in force is the latest.", *web_reload_successful_ ? 1 : 0));
  if (!web_reloaded_at_) return;
  all.push_back(single("danewatch_web_config_last_reload_success_timestamp_seconds", gauge,
                       "When the web configuration in force was read.", seconds_of(*web_reloaded_at_)));
}

std::vector<Family> SelfMetrics::families(std::size_t in_flight, std::size_t queued) const {
  constexpr auto verdicts = static_cast<int>(Verdict::authenticated);
  const std::lock_guard lock(mutex_);
  std::vector<Family> all;
  all.push_back(
      {{"danewatch_build_info", gauge, "The version of danewatch."}, {{{{"version", DANEWATCH_VERSION}}, 1}}});
  all.push_back(single("danewatch_root_validated", gauge, "1 while the DNS root is proven by the trust anchor.",
                       root_validated_ ? 1 : 0));
  all.push_back(single("danewatch_config_last_reload_successful", gauge,
                       "1 if the configuration in force is the latest.", reload_successful_ ? 1 : 0));
  if (reloaded_at_) {
    all.push_back(single("danewatch_config_last_reload_success_timestamp_seconds", gauge,
                         "When the configuration in force was read.", seconds_of(*reloaded_at_)));
  }
  add_web_reload(all);
  add_history(all);
  all.push_back(single("danewatch_probes_in_flight", gauge, "Runs that go on now.", static_cast<double>(in_flight)));
  all.push_back(single("danewatch_probes_queued", gauge, "Scheduled targets whose turn has come and that wait.",
                       static_cast<double>(queued)));
  Family probes{{"danewatch_probes_total", counter, "Runs that ended, by verdict."}, {}};
  for (int v = 0; v <= verdicts; ++v) {
    const auto verdict = static_cast<Verdict>(v);
    const auto found = probes_.find(verdict);
    const double count = found == probes_.end() ? 0 : static_cast<double>(found->second);
    probes.samples.push_back({{{"verdict", std::string(to_string(verdict))}}, count});
  }
  all.push_back(std::move(probes));
  all.push_back(single("danewatch_probes_rejected_total", counter, "Requests to /probe refused for want of capacity.",
                       static_cast<double>(rejected_)));
  all.push_back(single("danewatch_module_unknown_total", counter,
                       "Requests to /probe for a module that does not exist.", static_cast<double>(unknown_module_)));
  Family dns{{"danewatch_dns_queries_total", counter, "DNS questions by the DNSSEC status of their answers."}, {}};
  for (const Status status : {Status::secure, Status::insecure, Status::bogus, Status::failed}) {
    const auto found = dns_.find(status);
    const double count = found == dns_.end() ? 0 : static_cast<double>(found->second);
    dns.samples.push_back({{{"status", std::string(to_string(status))}}, count});
  }
  all.push_back(std::move(dns));
  Family requests{{"danewatch_http_requests_total", counter, "HTTP requests by path and status code."}, {}};
  for (const auto& [key, count] : requests_) {
    requests.samples.push_back(
        {{{"path", key.first}, {"code", std::to_string(key.second)}}, static_cast<double>(count)});
  }
  if (!requests.samples.empty()) all.push_back(std::move(requests));
  return all;
}

}  // namespace danewatch

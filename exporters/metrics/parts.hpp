// Inner: the pieces of to_metrics: collecting samples within a budget.
//
// Thread rule: values with one owner, and pure functions.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string_view>

#include "exporters/metrics/to_metrics.hpp"
#include "probe/report/report.hpp"

namespace danewatch::metrics {

// Refuses what is over the budget or there already, and remembers that something was left out.
class Collector {
 public:
  explicit Collector(std::size_t budget) : budget_(budget) {}

  void add(std::string_view family, Labels labels, double value);
  void add_time(std::string_view family, Labels labels, SysTime time);

  // One sample per state, 1 for the one that holds; all of them or none.
  void add_states(std::string_view family, const Labels& labels, std::string_view label,
                  std::span<const std::string_view> states, std::string_view holds);

  void mark_truncated() { truncated_ = true; }
  bool truncated() const { return truncated_; }
  void reserve(std::size_t samples) { budget_ = budget_ > samples ? budget_ - samples : 0; }  // for what comes last
  void release(std::size_t samples) { budget_ += samples; }

  std::vector<Family> families() const;  // in the order of report_metrics()

 private:
  bool has_room(std::size_t samples);

  std::size_t budget_;
  std::size_t used_ = 0;
  bool truncated_ = false;
  std::map<std::string_view, std::vector<Sample>> samples_;
  std::set<std::pair<std::string_view, Labels>> seen_;
};

void add_host_verdict(const HostReport& host, Collector& out);
void add_record_states(const HostReport& host, const MetricOptions& options, Collector& out);
void add_record_times(const HostReport& host, const MetricOptions& options, Collector& out);
void add_expiration(const HostReport& host, SysTime now, Collector& out);
void add_host_details(const HostReport& host, Collector& out);
void add_endpoints(const HostReport& host, Collector& out);  // dane_endpoint_verdict

// dane_dnssec_status and the dates of signatures.
void add_proof(const Report& report, std::size_t max_hosts, Collector& out);
void add_earliest_signature(const Report& report, Collector& out);

// Of each address of a name server that was asked by itself; so many of a report.
inline constexpr std::size_t most_servers = 16;
std::size_t asked_servers(const Report& report);
void add_servers(const Report& report, Collector& out);

Labels host_labels(const HostReport& host);
double seconds(SysTime time);

}  // namespace danewatch::metrics

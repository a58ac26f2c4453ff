#include "probe/findings/in_use.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch {
namespace {

// The hosts of the report whose records stand at the same name; without records, the host alone.
std::vector<const HostReport*> hosts_of_records(const Report& report, const HostReport& host) {
  std::vector<const HostReport*> hosts{&host};
  if (host.records.empty()) return hosts;
  for (const HostReport& other : report.hosts) {
    const bool same = !other.records.empty() && other.records.front().record.owner == host.records.front().record.owner;
    if (same && &other != &host) hosts.push_back(&other);
  }
  return hosts;
}

// What has to be done before records count, in words.
struct First {
  std::vector<std::string> unseen;  // may show something else
  std::vector<std::string>
      unready;  // no client gets through there, and one that has records does not go on without TLS
};

void add_first(const Report& report, const HostReport& host, First& first) {
  for (const TlsEvidence& evidence : looks(host)) {
    if (!decides(evidence)) continue;
    const std::string address = to_string(evidence.address);
    if (!shows_chain(evidence)) first.unseen.push_back(address);
    if (shows_chain(evidence) && evidence.stage != Stage::done) first.unready.push_back(address);
    if (!evidence.unobserved_views.empty() || report.policy.views == Views::standard)
      first.unseen.push_back("any other certificate of " + address);
  }
  const bool cut = std::ranges::any_of(host.dns.cuts, [](const Cut& each) { return each.what == "addresses"; });
  if (host.dns.excluded_addresses > 0 || cut) first.unseen.push_back("the other addresses of " + host.dns.host);
}

void add_records(const HostReport& host, const HostReport& at, std::vector<Step>& steps) {
  for (const TlsEvidence& evidence : looks(host)) {
    if (!decides(evidence) || !shows_chain(evidence)) continue;
    Step step = publish_record(right_record(at, evidence.chain.front()));
    if (std::ranges::find(steps, step) == steps.end()) steps.push_back(std::move(step));
  }
}

std::vector<Step> published(const Report& report, const HostReport& at, const std::vector<const HostReport*>& hosts) {
  First first;
  std::vector<Step> steps;
  for (const HostReport* host : hosts) {
    add_first(report, *host, first);
    add_records(*host, at, steps);
  }
  if (steps.empty()) return steps;
  if (!first.unseen.empty()) {
    steps.insert(steps.begin(),
                 in_zone(fmt::format("look at {}: what is shown there needs a record too", list(first.unseen))));
  }
  if (!first.unready.empty()) {
    const std::string place = list(first.unready);
    steps.insert(steps.begin(), at_server(fmt::format("make TLS work at {}, which records demand", place), place));
  }
  return steps;
}

}  // namespace

bool all_unusable(const HostReport& host) {
  return std::ranges::all_of(host.records,
                             [](const RecordReport& record) { return record.state == RecordState::unusable; });
}

bool matches_somewhere(const HostReport& host, const RecordReport& record) {
  return std::ranges::any_of(host.endpoints, [&](const EndpointReport& endpoint) {
    const Cell cell = cell_of(endpoint, record);
    return cell == Cell::match || cell == Cell::shadowed;
  });
}

std::vector<Step> publish_in_use(const Report& report, const HostReport& host) {
  return published(report, host, {&host});
}

std::vector<Step> publish_all_in_use(const Report& report, const HostReport& host) {
  std::vector<Step> steps = published(report, host, hosts_of_records(report, host));
  if (steps.empty() || host.records.empty() || !may_serve_others(report, host, host.records.front())) return steps;
  // Who else lives by these records is known to the operator alone.
  steps.insert(steps.begin(), in_zone(fmt::format("look at every port and host that {} answers for, which need records",
                                                  host.records.front().record.owner)));
  return steps;
}

Remedy replacement_by_all_in_use(const Report& report, const HostReport& host, const RecordReport& record) {
  std::vector<Step> steps = publish_all_in_use(report, host);
  if (steps.empty()) steps.push_back(some_record("a right one"));
  steps.push_back(removal(report, host, record));
  return always(std::move(steps));
}

}  // namespace danewatch

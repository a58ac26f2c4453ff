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

void add_unseen(const HostReport& host, std::vector<std::string>& places) {
  for (const TlsEvidence& evidence : looks(host)) {
    if (decides(evidence) && !shows_chain(evidence)) places.push_back(to_string(evidence.address));
  }
  const bool cut = std::ranges::any_of(host.dns.cuts, [](const Cut& each) { return each.what == "addresses"; });
  if (host.dns.excluded_addresses > 0 || cut) places.push_back("the other addresses of " + host.dns.host);
}

void add_records(const HostReport& host, const HostReport& at, std::vector<Step>& steps) {
  for (const TlsEvidence& evidence : looks(host)) {
    if (!decides(evidence) || !shows_chain(evidence)) continue;
    Step step = publish_record(right_record(at, evidence.chain.front()));
    if (std::ranges::find(steps, step) == steps.end()) steps.push_back(std::move(step));
  }
}

std::vector<Step> published(const HostReport& at, const std::vector<const HostReport*>& hosts) {
  std::vector<std::string> unseen;
  std::vector<Step> steps;
  for (const HostReport* host : hosts) {
    add_unseen(*host, unseen);
    add_records(*host, at, steps);
  }
  if (steps.empty() || unseen.empty()) return steps;
  steps.insert(steps.begin(), in_zone(fmt::format("look at what {} shows, which needs a record too", list(unseen))));
  return steps;
}

}  // namespace

bool all_unusable(const HostReport& host) {
  return std::ranges::all_of(host.records,
                             [](const RecordReport& record) { return record.state == RecordState::unusable; });
}

bool matches_somewhere(const HostReport& host, std::size_t r) {
  return std::ranges::any_of(host.endpoints, [&](const EndpointReport& endpoint) {
    const auto& cells = endpoint.cells;
    return r < cells.size() && (cells[r] == Cell::match || cells[r] == Cell::shadowed);
  });
}

std::vector<Step> publish_in_use(const HostReport& host) {
  return published(host, {&host});
}

std::vector<Step> publish_all_in_use(const Report& report, const HostReport& host) {
  std::vector<Step> steps = published(host, hosts_of_records(report, host));
  if (steps.empty() || host.records.empty() || !may_serve_others(report, host, 0)) return steps;
  // Who else lives by these records is known to the operator alone.
  steps.insert(steps.begin(), in_zone(fmt::format("look at every port and host that {} answers for, which need records",
                                                  host.records.front().record.owner)));
  return steps;
}

Remedy replacement_by_all_in_use(const Report& report, const HostReport& host, std::size_t record) {
  std::vector<Step> steps = publish_all_in_use(report, host);
  if (steps.empty()) steps.push_back(some_record("a right one"));
  steps.push_back(removal(report, host, record));
  return always(std::move(steps));
}

}  // namespace danewatch

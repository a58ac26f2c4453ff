// Records that other ports or hosts may use: whoever removes one for the sake of this host may break those.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/in_use.hpp"
#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

// Anything but the certain knowledge that the host has no use for its record.
bool may_use(const HostReport& host, const RecordReport& record) {
  for (const EndpointReport& endpoint : host.endpoints) {
    if (!decides(endpoint.seen)) continue;
    const bool seen = was_observed(endpoint.seen) && endpoint.seen.unobserved_views.empty();
    if (!seen || cell_of(endpoint, record) != Cell::no_match) return true;
  }
  return host.endpoints.empty();
}

}  // namespace

// By an alias at both owner names the records of two hosts are the same.
const HostReport* shared_with(const Report& report, const HostReport& host, const RecordReport& record) {
  for (const HostReport& other : report.hosts) {
    const bool same_host = other.dns.host == host.dns.host && other.dns.port == host.dns.port;
    const auto same = std::ranges::find(other.records, record.record, &RecordReport::record);
    if (same_host || same == other.records.end()) continue;
    if (may_use(other, *same)) return &other;
  }
  return nullptr;
}

bool may_serve_others(const Report& report, const HostReport& host, const RecordReport& record) {
  const std::string& owner = record.record.owner;
  if (!was_dialled(host) || owner.empty()) return false;
  return owner != fmt::format("_{}._tcp.{}", host.dns.port, host.dns.base_domain) ||
         shared_with(report, host, record) != nullptr;
}

std::string_view old_key(const HostReport& host) {
  return was_dialled(host) ? "an old key (also behind any load balancer)" : "an old key";
}

Step removal(const Report& report, const HostReport& host, const RecordReport& record) {
  return remove_record(record.record, may_serve_others(report, host, record));
}

// First the new one, so that there is no time without a right record.
Remedy replacement(const Report& report, const HostReport& host, const RecordReport& record, Step by) {
  if (matches_somewhere(host, record)) return always({std::move(by)});
  return always({std::move(by), removal(report, host, record)});
}

}  // namespace danewatch

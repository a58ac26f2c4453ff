// Records that other ports or hosts may use: whoever removes one for the sake of this host may break those.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

// Anything but the certain knowledge that the host has no use for its record.
bool may_use(const HostReport& host, std::size_t record) {
  for (const EndpointReport& endpoint : host.endpoints) {
    if (!decides(endpoint.seen)) continue;
    const bool seen = was_observed(endpoint.seen) && endpoint.seen.unobserved_views.empty();
    const auto& cells = endpoint.match.cells;
    if (!seen || record >= cells.size() || cells[record] != Cell::no_match) return true;
  }
  return host.endpoints.empty();
}

}  // namespace

// By an alias at both owner names the records of two hosts are the same.
const HostReport* shared_with(const Report& report, const HostReport& host, std::size_t r) {
  for (const HostReport& other : report.hosts) {
    const bool same_host = other.dns.host == host.dns.host && other.dns.port == host.dns.port;
    const auto same = std::ranges::find(other.records, host.records[r].record, &RecordReport::record);
    if (same_host || same == other.records.end()) continue;
    if (may_use(other, static_cast<std::size_t>(same - other.records.begin()))) return &other;
  }
  return nullptr;
}

bool may_serve_others(const Report& report, const HostReport& host, std::size_t r) {
  const TlsaRecord& record = host.records[r].record;
  if (!was_dialled(host) || record.owner.empty()) return false;
  return record.owner != fmt::format("_{}._tcp.{}", host.dns.port, host.dns.base_domain) ||
         shared_with(report, host, r) != nullptr;
}

std::string remove_words(const Report& report, const HostReport& host, std::size_t r) {
  const TlsaRecord& record = host.records[r].record;
  if (!may_serve_others(report, host, r)) return fmt::format("remove `{}`", line_of(record));
  return fmt::format("look at every port and host that {} answers for, and if none needs it, remove `{}`", record.owner,
                     line_of(record));
}

std::string replace_words(const Report& report, const HostReport& host, std::size_t r, const std::string& by) {
  if (!may_serve_others(report, host, r))
    return fmt::format("Replace `{}` by {}.", line_of(host.records[r].record), by);
  return fmt::format("Add {}. As for the old one, {}.", by, remove_words(report, host, r));
}

}  // namespace danewatch

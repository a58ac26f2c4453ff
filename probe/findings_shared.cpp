// Records that other ports or hosts may use: whoever removes one for the sake of this host may break those.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings_parts.hpp"

namespace danewatch {
namespace {

// Anything but the certain knowledge that the host has no use for its record.
bool may_use(const Report& report, std::size_t host, std::size_t record) {
  if (host >= report.matches.size() || host >= report.tls.size()) return true;
  const auto& matches = report.matches[host].endpoints;
  for (std::size_t e = 0; e < report.tls[host].size(); ++e) {
    const TlsEvidence& evidence = report.tls[host][e];
    if (!decides(evidence)) continue;
    const bool seen = was_observed(evidence) && evidence.unobserved_views.empty() && e < matches.size();
    if (!seen || record >= matches[e].cells.size() || matches[e].cells[record] != Cell::no_match) return true;
  }
  return report.tls[host].empty();
}

}  // namespace

// By an alias at both owner names the records of two hosts are the same.
const HostEvidence* shared_with(const HostView& host, std::size_t r) {
  for (std::size_t h = 0; h < host.report.dns.hosts.size(); ++h) {
    const HostEvidence& other = host.report.dns.hosts[h];
    const bool same_host = other.host == host.dns.host && other.port == host.dns.port;
    const auto same = std::ranges::find(other.tlsa, host.dns.tlsa[r]);
    if (same_host || same == other.tlsa.end()) continue;
    if (may_use(host.report, h, static_cast<std::size_t>(same - other.tlsa.begin()))) return &other;
  }
  return nullptr;
}

bool may_serve_others(const HostView& host, std::size_t r) {
  const TlsaRecord& record = host.dns.tlsa[r];
  if (host.offline || record.owner.empty()) return false;
  return record.owner != fmt::format("_{}._tcp.{}", host.dns.port, host.dns.base_domain) ||
         shared_with(host, r) != nullptr;
}

std::string remove_words(const HostView& host, std::size_t r) {
  const TlsaRecord& record = host.dns.tlsa[r];
  if (!may_serve_others(host, r)) return fmt::format("remove `{}`", line_of(record));
  return fmt::format("look at every port and host that {} answers for, and if none needs it, remove `{}`", record.owner,
                     line_of(record));
}

std::string replace_words(const HostView& host, std::size_t r, const std::string& by) {
  if (!may_serve_others(host, r)) return fmt::format("Replace `{}` by {}.", line_of(host.dns.tlsa[r]), by);
  return fmt::format("Add {}. As for the old one, {}.", by, remove_words(host, r));
}

}  // namespace danewatch

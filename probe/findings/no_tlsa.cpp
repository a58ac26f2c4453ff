// The finding about a host without TLSA records: what would make DANE apply.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

// The records that would make DANE apply, one for each certificate the host shows.
std::vector<Step> records_to_publish(const HostReport& host) {
  std::vector<Step> steps;
  for (const TlsEvidence& evidence : looks(host)) {
    if (!decides(evidence) || !shows_chain(evidence)) continue;
    Step step = publish_record(right_record(host, evidence.chain.front()));
    if (std::ranges::find(steps, step) == steps.end()) steps.push_back(std::move(step));
  }
  return steps;
}

Remedies publication(const HostReport& host, const std::string& owner) {
  std::vector<Step> steps = records_to_publish(host);
  if (steps.empty()) {
    const std::string_view when = host.endpoints.empty() ? "P" : "Once the server offers TLS, p";
    return advice(Step::Do::zone, fmt::format("{}ublish a TLSA record at {} (danewatch tlsa makes one).", when, owner));
  }
  steps.push_back(in_zone("change it with every new key"));
  return {always(std::move(steps))};
}

}  // namespace

Finding no_tlsa_finding(const HostReport& host) {
  const std::string owner = tlsa_owner(host);
  if (auto finding = dangling_alias_finding(host, owner)) return std::move(*finding);
  return make_finding("dns-no-tlsa", owner, fmt::format("{} has no TLSA record at {}.", host.dns.host, owner),
                      publication(host, owner));
}

}  // namespace danewatch

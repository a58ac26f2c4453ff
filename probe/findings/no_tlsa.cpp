// The finding about a host without TLSA records: what would make DANE apply.

#include <fmt/format.h>

#include "probe/findings/in_use.hpp"
#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

Remedies publication(const Report& report, const HostReport& host, const std::string& owner) {
  // The records that would make DANE apply.
  std::vector<Step> steps = publish_in_use(report, host);
  if (steps.empty()) {
    const std::string_view when = host.endpoints.empty() ? "P" : "Once the server offers TLS, p";
    return advice(Step::Do::zone, fmt::format("{}ublish a TLSA record at {} (danewatch tlsa makes one).", when, owner));
  }
  steps.push_back(in_zone("change it with every new key"));
  return {always(std::move(steps))};
}

}  // namespace

Finding no_tlsa_finding(const Report& report, const HostReport& host) {
  const std::string owner = tlsa_owner(host);
  if (auto finding = dangling_alias_finding(host, owner)) return std::move(*finding);
  return make_finding("dns-no-tlsa", owner, fmt::format("{} has no TLSA record at {}.", host.dns.host, owner),
                      publication(report, host, owner));
}

}  // namespace danewatch

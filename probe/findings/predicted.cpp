// What must be said of a report that is made of zone files.

#include <fmt/format.h>

#include <set>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

// Of a signed zone an answer has the dates of its signatures.
void take_unsigned(const std::vector<Answer>& lookups, std::set<std::string>& zones) {
  for (const Answer& answer : lookups) {
    const bool assumed = answer.status == Status::secure && !answer.rrsig_expires && !answer.diagnostic;
    if (assumed && answer.signer) zones.insert(*answer.signer);
  }
}

}  // namespace

void find_assumptions(const Report& report, Findings& found) {
  if (report.run.origin != Origin::predicted) return;
  std::set<std::string> zones;
  take_unsigned(report.walk.lookups, zones);
  for (const HostReport& host : report.hosts) take_unsigned(host.dns.lookups, zones);
  for (const std::string& zone : zones) {
    const std::string first = fmt::format("The file of the zone {} holds no signatures.", zone);
    found.push_back(
        also(make_finding("zone-assumed-signed", zone, first, ""),
             fmt::format(" This takes it that {} will be signed and that its parent has the DS record.", zone)));
  }
}

}  // namespace danewatch

#include "probe/findings/algorithm.hpp"

#include <fmt/format.h>

#include "resolver/dns/dnssec_algorithm.hpp"

namespace danewatch {
namespace {

bool is_at_or_below(const std::string& name, const std::string& zone) {
  return name.empty() || name == zone || name.ends_with("." + zone);
}

}  // namespace

// Ours, not theirs: other resolvers may know the algorithm, and take the zone for signed.
Finding algorithm_finding(const Report& report, const std::string& name) {
  for (const Answer& ds : report.walk.lookups) {
    const std::string& zone = ds.question.name;
    const auto beyond = beyond_our_resolver(ds);
    if (!beyond || !is_at_or_below(name, zone)) continue;
    return make_finding(
        "local-limit", zone,
        fmt::format("The zone {} is signed with {}, which the resolver here (libunbound) cannot check.", zone, *beyond),
        "Run danewatch with a libunbound that knows it. Other resolvers may: whether senders use DANE for this zone "
        "depends on theirs.");
  }
  const std::string& where = name.empty() ? report.target.name : name;
  return make_finding("local-limit", where, fmt::format("The resolver here cannot check the signatures of {}.", where),
                      "Run danewatch with a libunbound that knows their algorithm.");
}

}  // namespace danewatch

// Findings about what MX and SRV records name that leads to no address: it is none, or the name is not what was meant.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/dns_parts.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/mail_domain.hpp"
#include "probe/findings/wildcards.hpp"
#include "resolver/dns/address.hpp"

namespace danewatch {
namespace {

// Who named the host; empty: the operator did.
std::string_view naming_record(const Report& report) {
  const bool by_mx = report.target.kind == TargetKind::mail_domain && !report.walk.implicit_mx;
  if (by_mx) return "MX";
  const bool by_srv = std::ranges::any_of(report.walk.lookups, [](const Answer& answer) {
    return !answer.diagnostic && answer.question.type == RrType::srv && !answer.data.empty();
  });
  return by_srv ? "SRV" : "";
}

// Where the record stands, and what a zone file adds to a name without a final dot.
std::vector<std::string> origins(const Report& report) {
  std::vector<std::string> names;
  for (const Answer& answer : report.walk.lookups) {
    if (!answer.diagnostic && answer.signer) names.push_back(*answer.signer);
  }
  names.push_back(report.target.name);
  return names;
}

bool is_at_or_below(std::string_view name, const std::string& zone) {
  return name == zone || name.ends_with("." + zone);
}

// The host's name as it may have been written, and the origin that was added to it.
struct Written {
  std::string name;
  std::string origin;
};

std::optional<Written> as_written(const Report& report, const std::string& host) {
  for (const std::string& origin : origins(report)) {
    if (origin.empty() || !host.ends_with("." + origin)) continue;
    std::string name = host.substr(0, host.size() - origin.size() - 1);
    const bool foreign = std::ranges::count(name, '.') >= 2;  // "mx.example.net"; "mx.eu" may well be a name here
    if (foreign || is_at_or_below(name, origin)) return Written{std::move(name), origin};
  }
  return std::nullopt;
}

std::string with_a_name(const Report& report, const std::string& address) {
  const std::string type = address.find(':') == std::string::npos ? "A" : "AAAA";
  return fmt::format(
      "Give the server a host name that has an address record, such as mx.{} {} {}, and name that in "
      "the {} record.",
      report.target.name, type, address, naming_record(report));
}

Finding literal_finding(const Report& report, const HostReport& host) {
  const std::string& address = host.dns.host;
  const std::string_view record = naming_record(report);
  Finding finding = make_finding("dns-host-is-address", address,
                                 fmt::format("The {} record of {} names the address {}, where a host name belongs.",
                                             record, report.target.name, address),
                                 with_a_name(report, address));
  return also(std::move(finding), " Some connect to it all the same, others do not.");
}

// RFC 1035 5.1: a name without a final dot gets the zone's name appended.
Finding misspelt(const Report& report, const Written& written, Finding finding) {
  const std::string_view record = naming_record(report);
  if (parse_address(written.name)) {
    finding.remedies = advice(Step::Do::zone, with_a_name(report, written.name));
    return also(std::move(finding), fmt::format(" The {} record of {} holds an address, where a host name belongs.",
                                                record, report.target.name));
  }
  const std::string dotted = fmt::format("with a final dot in the {} record: {}.", record, written.name);
  if (is_at_or_below(written.name, written.origin)) {
    finding.remedies = advice(Step::Do::zone, "Write the name " + dotted);
    return also(std::move(finding),
                fmt::format(" It ends in {} twice, as where the final dot is missing.", written.origin));
  }
  std::string fix = fix_words(finding.remedies);
  fix.front() = 'a';
  finding.remedies =
      advice(Step::Do::zone, fmt::format("If {} is meant, write it {} If not, {}", written.name, dotted, fix));
  return finding;
}

Finding no_address_finding(const HostReport& host) {
  const std::string& name = host.dns.host;
  const HiddenWildcard hidden = hidden_wildcard(host);
  const std::string records = hidden.addresses.empty()
                                  ? "address records for " + name
                                  : fmt::format("address records of its own to {} ({})", name, hidden.addresses);
  return also(make_finding("dns-no-address", name, fmt::format("{} has neither an A nor an AAAA record.", name),
                           fmt::format("Add {}, or stop pointing to it.", records)),
              hidden.reason);
}

Finding no_such_name_finding(const HostReport& host) {
  const std::string& name = host.dns.host;
  return make_finding("dns-no-such-name", name, fmt::format("The name {} does not exist.", name),
                      fmt::format("Add address records for {}, or stop pointing to it.", name));
}

}  // namespace

std::optional<Finding> no_host_finding(const Report& report, const HostReport& host) {
  const Located located = host.dns.located;
  const bool named = !naming_record(report).empty();
  if (located == Located::address_literal) {
    return named ? std::optional(literal_finding(report, host)) : std::nullopt;
  }
  if (located != Located::nxdomain && located != Located::no_address) return std::nullopt;
  if (auto finding = empty_alias_finding(host.dns.lookups, host.dns.host, located)) return finding;
  const bool absent = located == Located::nxdomain;
  if (!absent) {
    if (auto domain = mail_domain_finding("dns-no-address", report, host.dns.lookups, host.dns.host)) return domain;
  }
  Finding finding = absent ? no_such_name_finding(host) : no_address_finding(host);
  const auto written = named ? as_written(report, host.dns.host) : std::nullopt;
  return written ? misspelt(report, *written, std::move(finding)) : std::move(finding);
}

}  // namespace danewatch

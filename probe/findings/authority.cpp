#include "probe/findings/authority.hpp"

#include <algorithm>

#include "probe/findings/inner.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

using Kind = Explanation::Kind;

// The other kinds say that the data is a mistake, or somebody else's than a CA's.
bool is_of_an_authority(const Explanation& explanation) {
  return explanation.kind == Kind::ta_not_sent || explanation.kind == Kind::other_authority ||
         explanation.kind == Kind::not_an_issuer;
}

bool covers(std::string_view pattern, const std::string& name) {
  if (!pattern.starts_with("*.")) return lower(pattern) == name;
  const auto dot = name.find('.');
  return dot != std::string::npos && lower(pattern.substr(1)) == name.substr(dot);
}

bool is_valid_at(const Certificate& certificate, SysTime at) {
  return certificate.error.empty() && certificate.not_before <= at && at <= certificate.not_after;
}

// By name alone: the matcher looks at signatures, and not every chain that is no proof comes this far.
const Certificate* issuer_of(const std::vector<Certificate>& chain) {
  if (chain.empty() || chain.front().issuer == chain.front().subject) return nullptr;
  const auto found = std::ranges::find(chain.begin() + 1, chain.end(), chain.front().issuer, &Certificate::subject);
  return found == chain.end() || found->subject.empty() ? nullptr : &*found;
}

// A weaker digest beside a stronger one of the same usage and selector would be ignored (RFC 7671 9).
std::uint8_t strongest_beside(const HostReport& host) {
  for (const RecordReport& each : host.records) {
    const TlsaRecord& record = each.record;
    if (is_usable(each) && record.usage == 2 && record.selector == 1 && record.matching_type == 2) return 2;
  }
  return 1;
}

}  // namespace

bool names_authority(const TlsaRecord& record) {
  return !record.truncated && (record.usage == 0 || record.usage == 2);
}

bool pins_authorities(const HostReport& host) {
  bool any = false;
  for (const RecordReport& record : host.records) {
    if (!is_usable(record)) continue;
    any = true;
    if (!names_authority(record.record)) return false;
  }
  return any;
}

bool is_reserve(const HostReport& host, const RecordReport& record) {
  if (!is_usable(record) || !names_authority(record.record)) return false;
  return std::ranges::all_of(host.endpoints, [&](const EndpointReport& endpoint) {
    return std::ranges::all_of(endpoint.match.explanations, [&](const Explanation& explanation) {
      return explanation.record != record.place || is_of_an_authority(explanation);
    });
  });
}

// An option of check and check_dane, a key of serve; a chain judged offline has neither.
Remedies reserve_remedies(const HostReport& host, const RecordReport& record) {
  std::vector<Step> steps{in_zone("keep the record")};
  if (was_dialled(host)) steps.push_back(announce_record(record.record));
  return {if_so("your next certificate may come from it", std::move(steps))};
}

bool is_for(const Certificate& leaf, const std::vector<std::string>& names) {
  std::vector<std::string> shown = leaf.names;
  if (shown.empty()) shown.push_back(leaf.subject_cn);
  return std::ranges::any_of(names, [&](const std::string& name) {
    return std::ranges::any_of(shown, [&](const std::string& pattern) { return covers(pattern, lower(name)); });
  });
}

std::optional<TlsaRecord> authority_record(const Report& report, const HostReport& host,
                                           const EndpointReport& endpoint) {
  const auto& chain = endpoint.seen.chain;
  const Certificate* authority = issuer_of(chain);
  if (authority == nullptr || !is_for(chain.front(), reference_names(host.dns))) return std::nullopt;
  if (!is_valid_at(chain.front(), report.at) || !is_valid_at(*authority, report.at)) return std::nullopt;
  TlsaRecord record;
  record.owner = tlsa_owner(host);
  record.usage = 2;
  record.selector = 1;
  record.matching_type = strongest_beside(host);
  const auto digest = from_hex(record.matching_type == 2 ? authority->spki_sha512 : authority->spki_sha256);
  if (!digest || digest->empty()) return std::nullopt;
  record.data = *digest;
  return record;
}

}  // namespace danewatch

#include "probe/findings/right_record.hpp"

#include <fmt/format.h>

namespace danewatch {

bool is_usable(const RecordReport& record) {
  return record.state != RecordState::unusable;
}

std::string tlsa_owner(const HostReport& host) {
  // Where it is a wildcard, a name of its own for one port would end the wildcard there (RFC 4592 2.2.1).
  if (!host.records.empty()) return host.records.front().record.owner;
  if (host.dns.host.empty()) return "";
  const std::string& base = host.dns.base_domain.empty() ? host.dns.host : host.dns.base_domain;
  return fmt::format("_{}._tcp.{}", host.dns.port, base);
}

// A weaker digest beside a stronger one of the same usage and selector would be ignored (RFC 7671 9).
TlsaRecord right_record(const HostReport& host, const Certificate& leaf) {
  TlsaRecord right;
  right.owner = tlsa_owner(host);
  right.usage = 3;
  right.selector = 1;
  right.matching_type = 1;
  for (const RecordReport& each : host.records) {
    const TlsaRecord& other = each.record;
    const bool stronger = other.usage == 3 && other.selector == 1 && other.matching_type == 2;
    if (stronger && is_usable(each) && !leaf.spki_sha512.empty()) right.matching_type = 2;
  }
  const auto digest = from_hex(right.matching_type == 2 ? leaf.spki_sha512 : leaf.spki_sha256);
  if (digest) right.data = *digest;
  return right;
}

}  // namespace danewatch

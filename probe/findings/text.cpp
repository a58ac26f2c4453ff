// The words findings are made of.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

constexpr std::size_t network_text_limit = 512;

}  // namespace

Severity explaining(const Conclusion& conclusion, const Policy& policy) {
  const Severity severity = severity_of(conclusion, policy.if_present);
  return severity == Severity::ok ? Severity::info : severity;
}

Finding about_host(const HostReport& host, Finding finding) {
  if (!host.dns.host.empty()) finding.host = host.dns.host;
  return finding;
}

Finding about_record(const HostReport& host, std::size_t record, Finding finding) {
  finding = about_host(host, std::move(finding));
  finding.record = record;
  finding.says.record = is_short(host.records[record].record);
  const TlsaRecord& found = host.records[record].record;
  const std::string owner = found.owner.empty() ? "" : found.owner + " ";
  finding.subject = owner + "TLSA " + short_text(found);
  return finding;
}

bool was_dialled(const HostReport& host) {
  return !host.dns.host.empty();
}

std::string place_of(const HostReport& host, const std::vector<std::size_t>& endpoints) {
  if (!was_dialled(host)) return "this chain";
  std::vector<std::string> addresses;
  for (const std::size_t e : endpoints) addresses.push_back(to_string(host.endpoints[e].seen.address));
  const std::string where = list(addresses);
  return where == host.dns.host || host.dns.host.empty() ? where : fmt::format("{} ({})", where, host.dns.host);
}

std::string says_of(const HostReport& host, const std::vector<std::size_t>& endpoints, const Predicate& says) {
  if (!was_dialled(host)) return fmt::format("This chain {}{}", says.one, says.rest);
  const Address& first = host.endpoints[endpoints.front()].seen.address;
  const bool one =
      std::ranges::all_of(endpoints, [&](std::size_t e) { return host.endpoints[e].seen.address == first; });
  return fmt::format("{} {}{}", place_of(host, endpoints), one ? says.one : says.many, says.rest);
}

Finding naming(const HostReport& host, std::string_view name, Finding finding) {
  finding.says.host = name == host.dns.host || name.ends_with("." + host.dns.host);
  return finding;
}

Finding without_subject(Finding finding) {
  finding.says.subject = false;
  return finding;
}

Finding also(Finding finding, std::string_view sentences) {
  finding.text += sentences;
  return finding;
}

Finding quoting(Finding finding, std::string_view lead, const std::string& network_text) {
  if (network_text.empty()) return finding;
  const std::string quote = quoted(network_text);
  finding.text += fmt::format(" {} {}.", lead, quote);
  if (quote.size() == network_text.size() + 2) finding.quotes.push_back(network_text);
  return finding;
}

Finding about_endpoints(const HostReport& host, const std::vector<std::size_t>& endpoints, Finding finding) {
  finding = about_host(host, std::move(finding));
  if (!was_dialled(host) || endpoints.empty()) return finding;
  finding.place.endpoints = endpoints;
  const TlsEvidence& first = host.endpoints[endpoints.front()].seen;
  const auto all = [&](auto member) {
    return std::ranges::all_of(endpoints,
                               [&](std::size_t e) { return host.endpoints[e].seen.*member == first.*member; });
  };
  if (all(&TlsEvidence::address)) finding.address = first.address;
  if (all(&TlsEvidence::view)) finding.view = first.view;
  return finding;
}

std::string named(const HostReport& host, std::size_t record) {
  const std::string text = "TLSA " + short_text(host.records[record].record);
  return !was_dialled(host) ? text : fmt::format("{} of {}", text, host.dns.host);
}

std::string tlsa_owner(const HostReport& host) {
  // Where it is a wildcard, a name of its own for one port would end the wildcard there (RFC 4592 2.2.1).
  if (!host.records.empty()) return host.records.front().record.owner;
  if (!was_dialled(host)) return "";
  const std::string& base = host.dns.base_domain.empty() ? host.dns.host : host.dns.base_domain;
  return fmt::format("_{}._tcp.{}", host.dns.port, base);
}

bool is_usable(const HostReport& host, std::size_t r) {
  return r < host.records.size() && host.records[r].state != RecordState::unusable;
}

// A weaker digest beside a stronger one of the same usage and selector would be ignored (RFC 7671 9).
TlsaRecord right_record(const HostReport& host, const Certificate& leaf) {
  TlsaRecord record;
  record.owner = tlsa_owner(host);
  record.usage = 3;
  record.selector = 1;
  record.matching_type = 1;
  for (std::size_t r = 0; r < host.records.size(); ++r) {
    const TlsaRecord& other = host.records[r].record;
    const bool stronger = other.usage == 3 && other.selector == 1 && other.matching_type == 2;
    if (stronger && is_usable(host, r) && !leaf.spki_sha512.empty()) record.matching_type = 2;
  }
  const auto digest = from_hex(record.matching_type == 2 ? leaf.spki_sha512 : leaf.spki_sha256);
  if (digest) record.data = *digest;
  return record;
}

std::string quoted(std::string_view network_text) {
  const auto end = network_text.find_last_not_of("\r\n") + 1;  // 0 for nothing but line ends
  return fmt::format("\"{}\"", network_text.substr(0, std::min(end, network_text_limit)));
}

std::string span_of(std::chrono::seconds time) {
  const auto in = [&](long unit, std::string_view word) {
    const long n = std::max<long>(time.count(), 0) / unit;
    return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s");
  };
  if (time >= std::chrono::hours(48)) return in(86400, "day");
  if (time >= std::chrono::hours(2)) return in(3600, "hour");
  return in(60, "minute");
}

}  // namespace danewatch

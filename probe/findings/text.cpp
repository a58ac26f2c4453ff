// The words findings are made of.

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

Finding about_record(const HostReport& host, const RecordReport& record, Finding finding) {
  finding = about_host(host, std::move(finding));
  const TlsaRecord& found = record.record;
  finding.record = record.place;
  finding.says.record = is_short(found);
  const std::string owner = found.owner.empty() ? "" : found.owner + " ";
  finding.subject = owner + "TLSA " + short_text(found);
  return finding;
}

std::vector<std::size_t> places_of(const Endpoints& endpoints) {
  std::vector<std::size_t> places;
  for (const EndpointReport* endpoint : endpoints) places.push_back(endpoint->place);
  return places;
}

bool was_dialled(const HostReport& host) {
  return !host.dns.host.empty();
}

std::string place_of(const HostReport& host, const Endpoints& endpoints) {
  if (!was_dialled(host)) return "this chain";
  std::vector<std::string> addresses;
  for (const EndpointReport* endpoint : endpoints) addresses.push_back(to_string(endpoint->seen.address));
  const std::string where = list(addresses);
  return where == host.dns.host || host.dns.host.empty() ? where : fmt::format("{} ({})", where, host.dns.host);
}

std::string says_of(const HostReport& host, const Endpoints& endpoints, const Predicate& says) {
  if (!was_dialled(host)) return fmt::format("This chain {}{}", says.one, says.rest);
  const Address& first = endpoints.front()->seen.address;
  const bool one =
      std::ranges::all_of(endpoints, [&](const EndpointReport* endpoint) { return endpoint->seen.address == first; });
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
  const std::string quote = in_quotes(network_text);
  finding.text += fmt::format(" {} {}.", lead, quote);
  if (quote.size() == network_text.size() + 2) finding.quotes.push_back(network_text);
  return finding;
}

Finding about_endpoints(const HostReport& host, const Endpoints& endpoints, Finding finding) {
  finding = about_host(host, std::move(finding));
  if (!was_dialled(host) || endpoints.empty()) return finding;
  finding.place.endpoints = places_of(endpoints);
  const TlsEvidence& first = endpoints.front()->seen;
  const auto all = [&](auto member) {
    return std::ranges::all_of(endpoints,
                               [&](const EndpointReport* endpoint) { return endpoint->seen.*member == first.*member; });
  };
  if (all(&TlsEvidence::address)) finding.address = first.address;
  if (all(&TlsEvidence::view)) finding.view = first.view;
  return finding;
}

std::string named(const HostReport& host, const RecordReport& record) {
  const std::string text = "TLSA " + short_text(record.record);
  return !was_dialled(host) ? text : fmt::format("{} of {}", text, host.dns.host);
}

std::string in_quotes(std::string_view network_text) {
  const auto end = network_text.find_last_not_of("\r\n") + 1;  // 0 for nothing but line ends
  return fmt::format("\"{}\"", network_text.substr(0, std::min(end, network_text_limit)));
}

}  // namespace danewatch

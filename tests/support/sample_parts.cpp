#include "tests/support/sample_parts.hpp"

#include <algorithm>
#include <utility>

namespace danewatch::samples {

std::vector<std::uint8_t> digest(int seed, std::size_t size) {
  std::vector<std::uint8_t> octets(size);
  auto state = static_cast<std::uint32_t>(seed) * 2654435761U + 12345U;
  for (auto& octet : octets) {
    state = state * 1664525U + 1013904223U;
    octet = static_cast<std::uint8_t>(state >> 24U);
  }
  return octets;
}

TlsaRecord record(std::string owner, int usage, int selector, int matching_type, int seed) {
  return {std::move(owner),
          static_cast<std::uint8_t>(usage),
          static_cast<std::uint8_t>(selector),
          static_cast<std::uint8_t>(matching_type),
          digest(seed, matching_type == 2 ? 64 : 32),
          false};
}

Answer secure(std::string name, RrType type, std::vector<std::string> data, std::string signer) {
  Answer answer;
  answer.question = {name, type};
  answer.status = Status::secure;
  answer.rcode = 0;
  for (auto& text : data) answer.data.push_back({{}, std::move(text), false});
  answer.canonical_name = std::move(name);
  answer.ttl = 300;
  answer.original_ttl = 300;
  answer.rrsig_inception = now - 10 * day;
  answer.rrsig_expires = now + 20 * day;
  answer.signer = std::move(signer);
  return answer;
}

Answer denied(std::string name, RrType type, std::string signer) {
  Answer answer = secure(std::move(name), type, {}, std::move(signer));
  answer.denial = Denial::nodata;
  return answer;
}

Certificate certificate(std::string name, std::string key, int seed) {
  Certificate certificate;
  certificate.der = digest(seed, 64);
  certificate.subject = "CN=" + name;
  certificate.issuer = "CN=Example Intermediate,O=Example Trust";
  certificate.subject_cn = name;
  certificate.issuer_cn = "Example Intermediate";
  certificate.serial = "01ab";
  certificate.not_before = now - 20 * day;
  certificate.not_after = now + 70 * day;
  certificate.sha256 = to_hex(digest(seed + 100));
  certificate.spki_sha256 = to_hex(digest(seed));
  certificate.names = {std::move(name)};
  certificate.key = std::move(key);
  return certificate;
}

TlsEvidence seen(const char* address, std::uint16_t port, Certificate leaf, View view) {
  TlsEvidence evidence;
  evidence.address = parse_address(address).value();
  evidence.port = port;
  evidence.view = view;
  evidence.stage = Stage::done;
  evidence.fault = Fault::none;
  evidence.tls = TlsParameters{"TLSv1.3", "TLS_AES_256_GCM_SHA384", "x25519", leaf.key};
  evidence.chain = {std::move(leaf)};
  evidence.attempts = 1;
  evidence.timings = {12.34, 3.44, 20.55};
  return evidence;
}

TlsEvidence not_seen(const char* address, std::uint16_t port, Stage stage, Fault fault, std::string error) {
  TlsEvidence evidence;
  evidence.address = parse_address(address).value();
  evidence.port = port;
  evidence.stage = stage;
  evidence.fault = fault;
  evidence.error = std::move(error);
  evidence.attempts = 1;
  return evidence;
}

HostEvidence mail_host(std::string name, std::string zone, std::vector<TlsaRecord> records) {
  HostEvidence host;
  host.host = name;
  host.unicode = name;
  host.preference = 10;
  host.located = records.empty() ? Located::no_tlsa : Located::dane;
  host.base_domain = name;
  host.names = {name, zone};
  host.lookups = {secure(name, RrType::a, {"192.0.2.1"}, zone), denied(name, RrType::aaaa, zone)};
  const std::string owner = "_25._tcp." + name;
  std::vector<std::string> data;
  for (const auto& each : records) data.push_back(to_text(each));
  host.lookups.push_back(records.empty() ? denied(owner, RrType::tlsa, zone)
                                         : secure(owner, RrType::tlsa, std::move(data), zone));
  host.tlsa_total = static_cast<std::uint32_t>(records.size());
  host.tlsa = std::move(records);
  return host;
}

Report report_of(std::string target, Conclusion conclusion, Severity severity, std::string summary) {
  Report report;
  report.target.text = target;
  report.target.name = target;
  report.target.unicode = std::move(target);
  report.at = now;
  report.run.duration = std::chrono::milliseconds{412};
  report.run.timings = {87.25, 0.75};
  report.run.trust_anchor = "/usr/share/dns/root.key";
  report.walk.located = Located::dane;
  report.conclusion = conclusion;
  report.severity = severity;
  report.summary = std::move(summary);
  return report;
}

namespace {

EndpointReport endpoint_of(TlsEvidence seen, EndpointVerdict verdict, std::size_t place) {
  EndpointReport endpoint;
  endpoint.place = place;
  ChainMatch& match = endpoint.match;
  if (!seen.chain.empty()) {
    match.conclusion = verdict.conclusion;
    const auto matched = std::ranges::find(verdict.cells, Cell::match);
    const auto record = static_cast<std::size_t>(matched - verdict.cells.begin());
    if (matched != verdict.cells.end()) match.match = MatchedRecord{record, 0, "", false};
  }
  endpoint.seen = std::move(seen);
  endpoint.conclusion = verdict.conclusion;
  endpoint.result_type = verdict.result_type;
  endpoint.cells = std::move(verdict.cells);
  return endpoint;
}

}  // namespace

void add_host(Report& report, HostEvidence host, std::vector<TlsEvidence> seen, HostVerdict verdict) {
  HostReport& added = report.hosts.emplace_back();
  added.conclusion = verdict.conclusion;
  added.result_type = verdict.result_type;
  for (std::size_t r = 0; r < host.tlsa.size(); ++r) {
    added.records.push_back({host.tlsa[r], verdict.states[r], std::nullopt, r});
  }
  if (host.preference) {
    const Status status = host.lookups.empty() ? Status::failed : Status::secure;
    report.walk.service_status = status;
  }
  for (const auto& evidence : seen) {
    if (evidence.view == View::standard) host.addresses.push_back({evidence.address, Status::secure});
  }
  for (std::size_t e = 0; e < seen.size(); ++e) {
    added.endpoints.push_back(endpoint_of(std::move(seen[e]), std::move(verdict.endpoints[e]), e));
  }
  added.dns = std::move(host);
}

}  // namespace danewatch::samples

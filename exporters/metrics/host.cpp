// What a report says about one host, as metrics.

#include <algorithm>
#include <array>
#include <span>

#include "exporters/metrics/parts.hpp"
#include "probe/evidence/digest.hpp"
#include "probe/evidence/predicates.hpp"
#include "probe/report/expiry.hpp"

namespace danewatch::metrics {
namespace {

constexpr auto states =
    std::to_array<RecordState>({RecordState::unusable, RecordState::next, RecordState::partial, RecordState::current,
                                RecordState::shadowed, RecordState::unknown, RecordState::unmatched});

Labels with(Labels labels, std::string name, std::string value) {
  labels.push_back({std::move(name), std::move(value)});
  return labels;
}

// A full certificate or key is told by its digest: every P-256 key begins alike.
std::string data_label(const TlsaRecord& record) {
  constexpr std::size_t digits = 16;
  return record.matching_type == 0 ? sha256_hex(record.data).substr(0, digits) : start_of(record);
}

// Over all addresses that show a certificate on this view: what ends first and what begins last.
struct Dates {
  std::optional<SysTime> not_after, not_before;

  void add(const Certificate& certificate) {
    if (!certificate.error.empty()) return;
    not_after = std::min(not_after.value_or(certificate.not_after), certificate.not_after);
    not_before = std::max(not_before.value_or(certificate.not_before), certificate.not_before);
  }
};

void add_dates(const Dates& dates, const Labels& labels, std::string_view position, Collector& out) {
  const Labels all = with(labels, "position", std::string(position));
  if (dates.not_after) out.add_time("dane_cert_not_after_timestamp_seconds", all, *dates.not_after);
  if (dates.not_before) out.add_time("dane_cert_not_before_timestamp_seconds", all, *dates.not_before);
}

void add_certificate_info(const Certificate& leaf, Labels labels, Collector& out) {
  labels.insert(labels.end(), {{"subject_cn", leaf.subject_cn},
                               {"issuer_cn", leaf.issuer_cn},
                               {"serial", leaf.serial},
                               {"fingerprint_sha256", leaf.sha256},
                               {"spki_sha256", leaf.spki_sha256},
                               {"key", leaf.key}});
  out.add("dane_cert_info", std::move(labels), 1);
}

void add_view(const HostReport& host, View view, Collector& out) {
  const Labels labels = with(host_labels(host), "view", std::string(to_string(view)));
  Dates leaf, chain;
  for (const TlsEvidence& evidence : looks(host)) {
    if (evidence.view != view || evidence.chain.empty()) continue;
    leaf.add(evidence.chain.front());
    for (const Certificate& certificate : evidence.chain) chain.add(certificate);
  }
  add_dates(leaf, labels, "leaf", out);
  add_dates(chain, labels, "chain_earliest", out);
  for (const TlsEvidence& evidence : looks(host)) {
    if (evidence.view != view) continue;
    if (!evidence.chain.empty()) add_certificate_info(evidence.chain.front(), labels, out);
    if (!evidence.tls) continue;
    Labels tls = with(with(labels, "version", evidence.tls->version), "cipher", evidence.tls->cipher);
    out.add("dane_tls_info", with(std::move(tls), "group", evidence.tls->group), 1);
  }
}

void add_record_counts(const HostReport& host, Collector& out) {
  for (const RecordState state : states) {
    const auto count = std::ranges::count(host.records, state, &RecordReport::state);
    out.add("dane_tlsa_records", with(host_labels(host), "state", std::string(to_string(state))),
            static_cast<double>(count));
  }
}

void add_ttl(const HostReport& host, Collector& out) {
  for (const Answer& answer : host.dns.lookups) {
    const bool counts = answer.question.type == RrType::tlsa && !answer.diagnostic && !answer.data.empty();
    if (counts && answer.ttl) out.add("dane_tlsa_ttl_seconds", host_labels(host), *answer.ttl);
  }
}

void add_endpoint_counts(const HostReport& host, Collector& out) {
  double authenticated = 0;
  double unobserved = 0;
  for (const EndpointReport& endpoint : host.endpoints) {
    if (endpoint.conclusion.verdict == Verdict::authenticated) authenticated += 1;
    if (!was_observed(endpoint.seen)) unobserved += 1;
  }
  out.add("dane_endpoints", host_labels(host), static_cast<double>(host.endpoints.size()));
  out.add("dane_endpoints_authenticated", host_labels(host), authenticated);
  out.add("dane_endpoints_unobserved", host_labels(host), unobserved);
}

void add_times(const RecordHistory& records, const RecordHistory::key_type& key, const Labels& labels, Collector& out) {
  const auto found = records.find(key);
  if (found == records.end()) return;
  const RecordTimes& times = found->second;
  out.add_time("dane_tlsa_record_first_seen_timestamp_seconds", labels, times.first_seen);
  if (times.last_matched) out.add_time("dane_tlsa_record_last_matched_timestamp_seconds", labels, *times.last_matched);
}

// Those within the limit that have a state.
template <class Use>
void for_each_record(const HostReport& host, const MetricOptions& options, const Use& use) {
  const std::size_t count = std::min(host.records.size(), options.max_records);
  for (const RecordReport& each : std::span(host.records).first(count)) {
    const TlsaRecord& record = each.record;
    if (record.truncated) continue;
    Labels labels = host_labels(host);
    labels.insert(labels.end(), {{"usage", std::to_string(record.usage)},
                                 {"selector", std::to_string(record.selector)},
                                 {"matching_type", std::to_string(record.matching_type)},
                                 {"data", data_label(record)}});
    use(each, std::move(labels));
  }
}

}  // namespace

Labels host_labels(const HostReport& host) {
  return {{"host", host.dns.host}, {"port", std::to_string(host.dns.port)}};
}

void add_host_verdict(const HostReport& host, Collector& out) {
  const auto verdict = to_string(host.conclusion.verdict);
  out.add("dane_host_verdict", with(host_labels(host), "verdict", std::string(verdict)), 1);
}

void add_record_states(const HostReport& host, const MetricOptions& options, Collector& out) {
  if (host.records.size() > options.max_records) out.mark_truncated();
  for_each_record(host, options, [&](const RecordReport& record, Labels labels) {
    labels.push_back({"state", std::string(to_string(record.state))});
    out.add("dane_tlsa_record_state", std::move(labels), 1);
  });
}

void add_record_times(const HostReport& host, const MetricOptions& options, Collector& out) {
  if (options.records == nullptr) return;
  for_each_record(host, options, [&](const RecordReport& record, const Labels& labels) {
    add_times(*options.records, record_key(host.dns, record.record), labels, out);
  });
}

void add_expiration(const HostReport& host, SysTime now, Collector& out) {
  const auto first = first_certificate_expiry(host, now);
  if (first) out.add_time("dane_effective_expiration_timestamp_seconds", host_labels(host), first->at);
}

void add_host_details(const HostReport& host, Collector& out) {
  add_endpoint_counts(host, out);
  if (!host.records.empty()) add_record_counts(host, out);
  add_ttl(host, out);
  for (const View view : {View::standard, View::rsa, View::rsa_pss, View::ecdsa, View::ed25519, View::ed448,
                          View::no_sni, View::second}) {
    add_view(host, view, out);
  }
}

void add_endpoints(const HostReport& host, Collector& out) {
  for (const EndpointReport& endpoint : host.endpoints) {
    Labels labels = host_labels(host);
    labels.insert(labels.end(), {{"address", to_string(endpoint.seen.address)},
                                 {"view", std::string(to_string(endpoint.seen.view))},
                                 {"verdict", std::string(to_string(endpoint.conclusion.verdict))}});
    out.release(1);
    out.add("dane_endpoint_verdict", std::move(labels), 1);
  }
}

}  // namespace danewatch::metrics

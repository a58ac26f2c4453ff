#include "exporters/metrics/to_metrics.hpp"

#include <algorithm>
#include <array>

#include "exporters/metrics/parts.hpp"
#include "probe/report/sender_view.hpp"

namespace danewatch {
namespace {

using metrics::Collector;

constexpr auto gauge = MetricType::gauge;

constexpr auto table = std::to_array<MetricRow>({
    {"probe_success", gauge, "1 if the last run came to ok or warning."},
    {"probe_duration_seconds", gauge, "How long the last run took."},
    {"probe_timeout_seconds", gauge, "The time the last run was given."},
    {"dane_verdict", gauge, "1 for the verdict of the last run, 0 for every other."},
    {"dane_severity", gauge, "1 for the severity of the last run, 0 for every other."},
    {"dane_impact", gauge, "1 for what senders do with mail for this domain, 0 for every other."},
    {"dane_reason", gauge, "The verdict of the last run and its reason."},
    {"dane_dnssec_status", gauge, "1 for the worst DNSSEC status of this kind of lookup, 0 for every other."},
    {"dane_host_verdict", gauge, "The verdict of a host in the last run."},
    {"dane_endpoints", gauge, "Pairs of address and certificate type of a host."},
    {"dane_endpoints_authenticated", gauge, "Of dane_endpoints, those that a TLSA record authenticates."},
    {"dane_endpoints_unobserved", gauge, "Of dane_endpoints, those that showed no certificate."},
    {"dane_endpoint_verdict", gauge, "The verdict of one address and certificate type in the last run."},
    {"dane_tlsa_records", gauge, "TLSA records of a host by state; malformed ones are among the unusable."},
    {"dane_tlsa_record_state", gauge,
     "The state of a TLSA record: unmatched is the record left behind. data: its first digits; of matching type 0 "
     "those of "
     "its SHA2-256 digest."},
    {"dane_tlsa_record_first_seen_timestamp_seconds", gauge,
     "When the first run began that found this record since it was published or danewatch started."},
    {"dane_tlsa_record_last_matched_timestamp_seconds", gauge,
     "When the last run began in which a server showed what this record names; absent: none since danewatch started."},
    {"dane_tlsa_ttl_seconds", gauge, "TTL in force of the TLSA records of a host."},
    {"dane_rrsig_expiration_timestamp_seconds", gauge, "When the first signature of these lookups expires."},
    {"dane_rrsig_inception_timestamp_seconds", gauge, "When the latest signature of these lookups was made."},
    {"dane_effective_expiration_timestamp_seconds", gauge,
     "When dates of certificates alone would turn the verdict bad; absent where only usage 3 counts."},
    {"dane_cert_not_after_timestamp_seconds", gauge, "When the certificate, or the first of its chain, ends."},
    {"dane_cert_not_before_timestamp_seconds", gauge, "When the certificate, or the last of its chain, begins."},
    {"dane_cert_info", gauge, "The certificate that a host shows."},
    {"dane_tls_info", gauge, "The TLS parameters of the handshake."},
    {"dane_findings", gauge, "Findings of the last run by code."},
    {"dane_phase_duration_seconds", gauge,
     "How long a phase of the last run took; of connect, starttls and handshake the longest of any address."},
    {"dane_server_up", gauge, "1 if a name server, asked by itself, answers for its zone."},
    {"dane_server_serial", gauge, "The serial of the zone that a name server has."},
    {"dane_server_agrees", gauge,
     "1 if a name server, asked by itself, gives the TLSA records that the others give, with valid signatures."},
    {"dane_server_rrsig_expiration_timestamp_seconds", gauge,
     "When the first signature ends that a name server, asked by itself, gives."},
    {"dane_senders_see_failures", gauge,
     "1 if the latest TLS reports of other mail servers tell of failed sessions, 0 if of none; absent: none is of "
     "late."},
    {"dane_results_truncated", gauge, "1 if limits left out hosts, records or series."},
    {"dane_last_probe_timestamp_seconds", gauge, "When the run began that these values are from."},
    {"dane_last_success_timestamp_seconds", gauge, "When the last run began that came to ok or warning."},
});

constexpr auto verdicts =
    std::to_array<std::string_view>({"mismatch", "tls-missing", "protocol-error", "dns-bogus", "dns-error", "unusable",
                                     "tempfail", "not-applicable", "unknown", "no-service", "authenticated"});
constexpr auto severities = std::to_array<std::string_view>({"ok", "warning", "critical", "unknown"});
constexpr auto impacts = std::to_array<std::string_view>(
    {"protected", "partly-protected", "unprotected", "partly-deferred", "deferred", "undeliverable"});

double seconds(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::string_view severity_word(Severity severity) {
  return to_string(is_good(severity) ? Severity::ok : severity);
}

void add_outcome(const Report& report, const MetricOptions& options, Collector& out) {
  const auto verdict = to_string(report.conclusion.verdict);
  out.add("probe_success", {}, is_success(report.severity) ? 1 : 0);
  out.add("probe_duration_seconds", {}, seconds(report.run.duration));
  out.add_states("dane_verdict", {}, "verdict", verdicts, verdict);
  if (report.impact) out.add_states("dane_impact", {}, "impact", impacts, to_string(*report.impact));
  out.add("dane_reason",
          {{"verdict", std::string(verdict)}, {"reason", std::string(to_string(report.conclusion.reason))}}, 1);
  if (options.scheduled) out.add_time("dane_last_probe_timestamp_seconds", {}, report.at);
  if (options.last_success) out.add_time("dane_last_success_timestamp_seconds", {}, *options.last_success);
}

void add_senders(const Report& report, Collector& out) {
  if (!report.senders) return;
  const auto seen = what_senders_see(*report.senders, report.at);
  if (seen) out.add("dane_senders_see_failures", {}, seen->empty() ? 0 : 1);
}

void add_findings(const Report& report, Collector& out) {
  std::map<std::pair<std::string_view, std::string_view>, double> counts;
  for (const Finding& finding : report.findings) {
    counts[{finding.code, to_string(finding.severity)}] += 1;
  }
  for (const Finding& finding : report.findings) {  // worst first: they have the first claim on the budget
    const auto entry = counts.extract({finding.code, to_string(finding.severity)});
    if (entry.empty()) continue;
    out.add("dane_findings", {{"code", std::string(entry.key().first)}, {"severity", std::string(entry.key().second)}},
            entry.mapped());
  }
}

void keep_longest(std::optional<double>& longest, const std::optional<double>& milliseconds) {
  if (milliseconds) longest = std::max(longest.value_or(0), *milliseconds);
}

void add_phases(const Report& report, Collector& out) {
  std::optional<double> connect, starttls, handshake;
  for (const HostReport& host : report.hosts) {
    for (const TlsEvidence& evidence : looks(host)) {
      keep_longest(connect, evidence.timings.connect);
      keep_longest(starttls, evidence.timings.starttls);
      keep_longest(handshake, evidence.timings.handshake);
    }
  }
  const auto add = [&](std::string_view phase, const std::optional<double>& milliseconds) {
    if (milliseconds) out.add("dane_phase_duration_seconds", {{"phase", std::string(phase)}}, *milliseconds / 1000);
  };
  add("dns", report.run.timings.dns);
  add("connect", connect);
  add("starttls", starttls);
  add("handshake", handshake);
  add("verify", report.run.timings.verify);
}

std::size_t record_count(const Report& report, const MetricOptions& options) {
  std::size_t count = 0;
  for (std::size_t h = 0; h < std::min(report.hosts.size(), options.max_hosts); ++h) {
    count += std::min(report.hosts[h].records.size(), options.max_records);
  }
  return count;
}

// What a summary has fits always; so does what a report with a dozen findings and hosts of two certificate types has.
std::size_t budget(const Report& report, const MetricOptions& options) {
  const std::size_t hosts = std::min(report.hosts.size(), options.max_hosts);
  const std::size_t rest = 3 * record_count(report, options) + 4 * metrics::asked_servers(report);
  return options.detail == Detail::summary ? 25 + 2 * hosts + rest : 71 + 30 * hosts + rest;
}

// What alerts need comes first.
void add_hosts(const Report& report, std::span<const HostReport> hosts, const MetricOptions& options, Collector& out) {
  for (const HostReport& host : hosts) {
    metrics::add_host_verdict(host, out);
    metrics::add_record_states(host, options, out);
    metrics::add_expiration(host, report.at, out);
  }
}

void add_full(const Report& report, std::span<const HostReport> hosts, const MetricOptions& options, Collector& out) {
  if (options.timeout) out.add("probe_timeout_seconds", {}, seconds(*options.timeout));
  out.add_states("dane_severity", {}, "severity", severities, severity_word(report.severity));
  add_findings(report, out);
  metrics::add_proof(report, options.max_hosts, out);
  add_phases(report, out);
  for (const HostReport& host : hosts) metrics::add_host_details(host, out);
}

}  // namespace

std::span<const MetricRow> report_metrics() {
  return table;
}

std::vector<Family> to_metrics(const Report& report, const MetricOptions& options) {
  Collector out(budget(report, options));
  out.reserve(1);  // dane_results_truncated
  add_outcome(report, options, out);
  add_senders(report, out);
  const auto& all = report.hosts;
  if (all.size() > options.max_hosts) out.mark_truncated();
  const auto hosts = std::span(all).first(std::min(all.size(), options.max_hosts));
  add_hosts(report, hosts, options, out);
  metrics::add_servers(report, out);
  if (options.detail == Detail::summary) {
    metrics::add_earliest_signature(report, out);
  } else {
    add_full(report, hosts, options, out);
  }
  for (const HostReport& host : hosts) metrics::add_record_times(host, options, out);
  if (options.per_address) {
    for (const HostReport& host : hosts) metrics::add_endpoints(host, out);
  }
  out.release(1);
  out.add("dane_results_truncated", {}, out.truncated() ? 1 : 0);
  return out.families();
}

}  // namespace danewatch

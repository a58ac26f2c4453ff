// DNSSEC as metrics: how far each kind of lookup is proven, and until when its signatures hold.

#include <algorithm>
#include <array>

#include "exporters/metrics/parts.hpp"
#include "probe/report/expiry.hpp"

namespace danewatch::metrics {
namespace {

constexpr auto statuses = std::to_array<std::string_view>({"secure", "insecure", "bogus", "failed"});

std::string_view lookup_word(RrType type) {
  switch (type) {
    case RrType::mx:
      return "mx";
    case RrType::srv:
      return "srv";
    case RrType::a:
    case RrType::aaaa:
      return "address";
    case RrType::tlsa:
      return "tlsa";
    case RrType::ds:
      return "ds";
    case RrType::dnskey:
      return "dnskey";
    default:
      return {};
  }
}

bool is_of_zone(RrType type) {
  return type == RrType::ds || type == RrType::dnskey;
}

// DS and DNSKEY are only ever asked to explain; other diagnostic answers are about other names.
bool counts(const Answer& answer) {
  return !lookup_word(answer.question.type).empty() && (is_of_zone(answer.question.type) || !answer.diagnostic);
}

int badness(Status status) {
  switch (status) {
    case Status::secure:
      return 0;
    case Status::insecure:
      return 1;
    case Status::failed:
      return 2;
    case Status::bogus:
      return 3;
  }
  return 3;
}

struct Proof {
  explicit Proof(SysTime now) : signatures(now) {}

  std::optional<Status> worst;
  FirstSignature signatures;
  std::optional<SysTime> inception;

  void add(const Answer& answer) {
    if (!worst || badness(answer.status) > badness(*worst)) worst = answer.status;
    signatures.take(answer);
    if (answer.rrsig_inception) {
      inception = std::max(inception.value_or(*answer.rrsig_inception), *answer.rrsig_inception);
    }
  }
};

// By lookup and host; the zones' own keys and the MX or SRV list belong to the target.
using Proofs = std::map<std::pair<std::string_view, std::string>, Proof>;

Proofs proofs_of(const Report& report, std::size_t max_hosts) {
  Proofs proofs;
  const std::string& name = report.target.name;
  const auto add = [&](const Answer& answer, const std::string& host) {
    if (!counts(answer)) return;
    const Proofs::key_type key{lookup_word(answer.question.type), is_of_zone(answer.question.type) ? name : host};
    proofs.try_emplace(key, report.at).first->second.add(answer);
  };
  for (const Answer& answer : report.walk.lookups) add(answer, name);
  for (std::size_t h = 0; h < std::min(max_hosts, report.hosts.size()); ++h) {
    const HostEvidence& host = report.hosts[h].dns;
    for (const Answer& answer : host.lookups) add(answer, host.host);
  }
  return proofs;
}

Labels labels_of(const Proofs::key_type& key) {
  return {{"lookup", std::string(key.first)}, {"host", key.second}};
}

}  // namespace

void add_proof(const Report& report, std::size_t max_hosts, Collector& out) {
  const Proofs proofs = proofs_of(report, max_hosts);
  std::map<std::string_view, Status> worst;
  for (const auto& [key, proof] : proofs) {
    if (!proof.worst) continue;
    const auto [entry, is_new] = worst.try_emplace(key.first, *proof.worst);
    if (!is_new && badness(*proof.worst) > badness(entry->second)) entry->second = *proof.worst;
  }
  for (const auto& [lookup, status] : worst) {
    out.add_states("dane_dnssec_status", {{"lookup", std::string(lookup)}}, "status", statuses, to_string(status));
  }
  for (const auto& [key, proof] : proofs) {
    const auto first = proof.signatures.first();
    if (first) out.add_time("dane_rrsig_expiration_timestamp_seconds", labels_of(key), first->at);
    if (proof.inception) out.add_time("dane_rrsig_inception_timestamp_seconds", labels_of(key), *proof.inception);
  }
}

void add_earliest_signature(const Report& report, Collector& out) {
  const auto first = first_signature_expiry(report);
  if (!first) return;
  const std::string_view word = lookup_word(first->type);
  const bool of_host = first->host && !is_of_zone(first->type);
  const std::string& whose = of_host ? report.hosts[*first->host].dns.host : report.target.name;
  out.add_time("dane_rrsig_expiration_timestamp_seconds", labels_of({word.empty() ? "address" : word, whose}),
               first->at);
}

}  // namespace danewatch::metrics

#include "probe/evidence/coherence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace danewatch {
namespace {

template <class T>
std::vector<T> values_in(const std::vector<Answer>& lookups, bool secure) {
  std::vector<T> values;
  for (const Answer& answer : lookups) {
    const bool counts = answer.status == Status::secure || (!secure && answer.status == Status::insecure);
    if (!counts || answer.diagnostic) continue;
    for (const Rdata& rdata : answer.data) {
      if (const T* value = std::get_if<T>(&rdata.value)) values.push_back(*value);
    }
  }
  return values;
}

const Answer* tlsa_answer(const HostEvidence& host) {
  const std::string owner = fmt::format("_{}._tcp.{}", host.port, host.base_domain);
  const auto found = std::ranges::find_if(host.lookups, [&](const Answer& answer) {
    return answer.question == Question{owner, RrType::tlsa} && answer.status == Status::secure && !answer.diagnostic;
  });
  return found == host.lookups.end() ? nullptr : &*found;
}

std::string wrong_records(const HostEvidence& host) {
  if (host.located != Located::dane) return host.tlsa.empty() ? "" : host.host + " has records without a secure answer";
  const Answer* answer = tlsa_answer(host);
  if (answer == nullptr) return host.host + " has no secure answer with its records";
  std::vector<TlsaRecord> records;
  for (const Rdata& rdata : answer->data) {
    if (const auto* record = std::get_if<TlsaRecord>(&rdata.value)) records.push_back(*record);
  }
  const bool all_there = std::ranges::all_of(
      host.tlsa, [&](const TlsaRecord& record) { return std::ranges::find(records, record) != records.end(); });
  if (!all_there || records.size() != host.tlsa_total) return host.host + " has other records than its answer";
  return "";
}

std::string wrong_addresses(const HostEvidence& host, const Target& target) {
  if (target.address) return "";
  const auto known = values_in<Address>(host.lookups, false);
  const bool all_there = std::ranges::all_of(
      host.addresses, [&](const HostAddress& each) { return std::ranges::find(known, each.address) != known.end(); });
  const bool all_told =
      !host.cuts.empty() || host.excluded_addresses > 0 || std::ranges::all_of(known, [&](const Address& address) {
        return std::ranges::find(host.addresses, address, &HostAddress::address) != host.addresses.end();
      });
  return all_there && all_told ? "" : host.host + " has other addresses than its answers";
}

// The names that the target leads to.
std::set<std::string> named_hosts(const Evidence& evidence, bool secure) {
  std::set<std::string> names;
  for (const Mx& mx : values_in<Mx>(evidence.walk.lookups, secure)) names.insert(mx.host);
  for (const Srv& srv : values_in<Srv>(evidence.walk.lookups, secure)) names.insert(srv.target);
  const bool itself = evidence.target.kind == TargetKind::host || evidence.target.kind == TargetKind::address_literal ||
                      evidence.target.kind == TargetKind::srv_then_host || evidence.walk.implicit_mx;
  if (itself) names.insert(evidence.target.name);
  return names;
}

// No host that its secure MX records name may be left out, and the domain stands in for them only where there are none.
std::string missing_hosts(const Evidence& evidence) {
  const bool by_mx = evidence.target.kind == TargetKind::mail_domain && evidence.walk.located == Located::dane;
  if (!by_mx || !evidence.walk.cuts.empty()) return "";
  const auto denied = std::ranges::any_of(evidence.walk.lookups, [&](const Answer& answer) {
    return answer.question == Question{evidence.target.name, RrType::mx} && answer.status == Status::secure &&
           answer.data.empty() && !answer.diagnostic;
  });
  if (evidence.walk.implicit_mx && !denied) return evidence.target.name + " has MX records, or may have them";
  for (const Mx& mx : values_in<Mx>(evidence.walk.lookups, true)) {
    const bool there = mx.host == "." || std::ranges::any_of(evidence.hosts, [&](const HostFacts& host) {
                         return host.dns.host == mx.host;
                       });
    if (!there) return mx.host + " was left out";
  }
  return "";
}

void prove_all(const std::vector<Answer>& lookups, const wire::KeyChain& keys, Proof& proof) {
  for (const Answer& answer : lookups) {
    if (answer.status != Status::secure || answer.diagnostic || !proof.wrong.empty()) continue;
    const std::string why = keys.why_not(answer);
    if (why.empty()) ++proof.proven;
    if (!why.empty())
      proof.wrong = fmt::format("the answer to {} {} is not proven ({})", answer.question.name,
                                to_string(answer.question.type), why);
  }
}

}  // namespace

Proof prove(const Evidence& evidence, const wire::KeyChain& keys) {
  Proof proof;
  prove_all(evidence.walk.lookups, keys, proof);
  for (const HostFacts& host : evidence.hosts) prove_all(host.dns.lookups, keys, proof);
  if (proof.wrong.empty()) proof.wrong = incoherence(evidence);
  return proof;
}

std::string incoherence(const Evidence& evidence) {
  if (auto wrong = missing_hosts(evidence); !wrong.empty()) return wrong;
  const std::set<std::string> names = named_hosts(evidence, evidence.walk.located == Located::dane);
  for (const HostFacts& host : evidence.hosts) {
    const bool literal = evidence.target.address && host.dns.host.empty();
    if (!literal && !names.contains(host.dns.host)) return host.dns.host + " is not where the target leads";
    if (auto wrong = wrong_records(host.dns); !wrong.empty()) return wrong;
    if (auto wrong = wrong_addresses(host.dns, evidence.target); !wrong.empty()) return wrong;
    for (const TlsEvidence& seen : host.endpoints) {
      const auto same = [&](const HostAddress& each) { return each.address == seen.address; };
      if (!std::ranges::any_of(host.dns.addresses, same)) return host.dns.host + " was looked at elsewhere";
    }
  }
  return "";
}

}  // namespace danewatch

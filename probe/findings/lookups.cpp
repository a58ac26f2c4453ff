// Findings about the answers themselves: signatures that run out, denials that are wrong, aliases.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"
#include "probe/findings/own_limits.hpp"
#include "probe/findings/place.hpp"

namespace danewatch {
namespace {

std::string name_of(const Answer& answer) {
  return fmt::format("{} {}", answer.question.name, to_string(answer.question.type));
}

// Shares of the signature's own lifetime, because zones differ from hours to months. That a bogus answer has no
// signature left is what dnssec-bogus says.
Severity signature_severity(const Answer& answer, SysTime at) {
  const auto end = signature_end(answer, at);
  if (answer.status != Status::secure || !end || !answer.rrsig_inception) return Severity::info;
  const auto lifetime = *end - *answer.rrsig_inception;
  const auto left = *end - at;
  if (left < lifetime * 3 / 100) return Severity::critical;
  if (left < lifetime / 10) return Severity::warning;
  return Severity::info;
}

// RRsets of one zone run out together: one finding for each zone and severity.
struct Zone {
  std::string name;
  Severity severity;
  SysTime expires;  // the first of them
  std::vector<std::string> rrsets;
};

void add_signatures(const std::vector<Answer>& lookups, SysTime at, std::vector<Zone>& zones) {
  for (const Answer& answer : lookups) {
    const Severity severity = signature_severity(answer, at);
    if (severity == Severity::info) continue;
    const std::string zone = answer.signer.value_or(answer.question.name);
    const auto same =
        std::ranges::find_if(zones, [&](const Zone& z) { return z.name == zone && z.severity == severity; });
    if (same != zones.end()) {
      same->expires = std::min(same->expires, *answer.rrsig_expires);
      same->rrsets.push_back(name_of(answer));
    } else {
      zones.push_back({zone, severity, *answer.rrsig_expires, {name_of(answer)}});
    }
  }
}

void find_expiring_signatures(const Report& report, Findings& found) {
  const auto own = own_limit(report, Expiry::Kind::signature);
  if (own && own->severity == Severity::info) return;
  std::vector<Zone> zones;
  add_signatures(report.walk.lookups, report.at, zones);
  for (const HostReport& host : report.hosts) add_signatures(host.dns.lookups, report.at, zones);
  for (const Zone& zone : zones) {
    const auto left = zone.expires - report.at;
    const std::string ends = left > std::chrono::seconds(0) ? fmt::format("expire in {}", span_of(left))
                                                            : fmt::format("ended on {}", moment_of(zone.expires));
    Finding finding = make_finding("dnssec-signature-expiring", zone.name,
                                   fmt::format("Signatures in the zone {} {}: {}.", zone.name, ends, list(zone.rrsets)),
                                   fmt::format("Sign {} again now, and find out why its signer did not.", zone.name));
    finding.severity = own ? own->severity : zone.severity;
    found.push_back(std::move(finding));
  }
}

bool has_tlsa_data(const HostEvidence& host) {
  return std::ranges::any_of(host.lookups, [](const Answer& answer) {
    return answer.question.type == RrType::tlsa && answer.status == Status::secure && !answer.data.empty();
  });
}

bool answers_badly(const Answer& answer) {
  return answer.denial == Denial::nxdomain || answer.status == Status::bogus || answer.status == Status::failed;
}

std::string_view bad_answer_words(const Answer& answer) {
  if (answer.status == Status::bogus) return "fails validation";
  if (answer.status == Status::failed) return "did not come";
  return "says that the name does not exist";
}

// Is `name` above (or equal to) a TLSA owner of the host? Only then must it exist.
bool is_above_tlsa(const HostEvidence& host, const std::string& name) {
  return std::ranges::any_of(host.lookups, [&](const Answer& answer) {
    const bool there = answer.question.type == RrType::tlsa && !answer.data.empty() && answer.aliases.empty();
    const std::string& owner = answer.question.name;
    return there && (owner == name || owner.ends_with("." + name));
  });
}

// RFC 8020: a name with names below it exists. Resolvers that minimise their questions ask for it first.
void find_empty_non_terminals(const HostReport& host, Findings& found) {
  if (!has_tlsa_data(host.dns)) return;
  for (const Answer& answer : host.dns.lookups) {
    const bool address = answer.question.type == RrType::a && answer.question.name.starts_with('_');
    // No answer proves nothing: it may be ours that failed.
    if (answer.status == Status::failed) continue;
    if (!answer.diagnostic || !address || !answers_badly(answer) || !is_above_tlsa(host.dns, answer.question.name))
      continue;
    Finding finding = make_finding(
        "dns-empty-non-terminal", answer.question.name,
        fmt::format("The answer to {} {}, although TLSA records lie below.", name_of(answer), bad_answer_words(answer)),
        fmt::format("Make the name servers answer NOERROR without data for {}.", answer.question.name));
    finding.text += " Resolvers that minimise their questions miss those records.";
    found.push_back(about_host(host, naming(host, answer.question.name, std::move(finding))));
  }
}

// The host does not depend on it, but senders who ask all the same would wait.
void find_ignored_failures(const HostReport& host, Findings& found) {
  if (host.dns.located != Located::insecure) return;
  for (const Answer& answer : host.dns.lookups) {
    const bool failed = answer.status == Status::failed && answer.failure != Failure::local;
    if (!answer.diagnostic || answer.question.type != RrType::tlsa || !failed) continue;
    Finding finding = make_finding(
        "dns-broken-denial", name_of(answer),
        fmt::format("The question {} gets no usable answer, while address questions work.", name_of(answer)),
        "Make every name server answer TLSA questions before the zone is signed: until then senders do not ask.");
    finding.severity = Severity::info;
    found.push_back(about_host(host, naming(host, answer.question.name, std::move(finding))));
  }
}

// One resolver told this, another one that. Without validation it may be anything, so it is a hint and no more.
void find_other_answers(const HostReport& host, Findings& found) {
  for (const Answer& other : host.dns.lookups) {
    if (!other.diagnostic || other.question.type != RrType::tlsa || other.status != Status::insecure) continue;
    const bool twice = std::ranges::any_of(host.dns.lookups, [&](const Answer& answer) {
      return !answer.diagnostic && answer.question == other.question && answer.status == Status::secure;
    });
    if (!twice) continue;
    std::vector<std::string> records;
    for (const Rdata& rdata : other.data) {
      const auto* record = std::get_if<TlsaRecord>(&rdata.value);
      if (record != nullptr) records.push_back("TLSA " + short_text(*record));
    }
    Finding finding = make_finding(
        "dns-answers-differ", name_of(other),
        fmt::format("Asked once more, the name servers gave another answer to {}: {}.", name_of(other),
                    records.empty() ? "no record" : list(records)),
        "Compare what each name server of that zone answers before you change records: one may lag behind.");
    found.push_back(about_host(host, naming(host, other.question.name, std::move(finding))));
  }
}

bool leads_somewhere(const HostReport& host) {
  const Located located = host.dns.located;
  return located != Located::nxdomain && located != Located::no_address;
}

// RFC 2181 10.3, RFC 2782. Of an alias that is not proven to be one nothing is said.
void find_alias(const Report& report, const HostReport& host, Findings& found) {
  const TargetKind kind = report.target.kind;
  const bool by_mx = kind == TargetKind::mail_domain && !report.walk.implicit_mx;
  if ((!by_mx && kind != TargetKind::srv) || !leads_somewhere(host)) return;
  const auto alias = std::ranges::find_if(host.dns.lookups, [&](const Answer& answer) {
    const bool sound = answer.status == Status::secure || answer.status == Status::insecure;
    return answer.question.name == host.dns.host && !answer.aliases.empty() && !answer.diagnostic && sound;
  });
  if (alias == host.dns.lookups.end()) return;
  const std::string& target = alias->aliases.back().to;
  // Where the records are at the alias (RFC 7672 2.2.2), its target has none: named in the MX record, it would not
  // count.
  const bool records_at_alias = host.dns.located == Located::dane && host.dns.base_domain == host.dns.host;
  const std::string_view type = by_mx ? "MX" : "SRV";
  found.push_back(about_host(
      host, make_finding(
                by_mx ? "dns-mx-is-alias" : "dns-srv-is-alias", host.dns.host,
                fmt::format("The {} {} {} is an alias of {}.", type, by_mx ? "host" : "target", host.dns.host, target),
                records_at_alias ? fmt::format("Give {} address records of its own.", host.dns.host)
                                 : fmt::format("Name {} in the {} record.", target, type))));
}

}  // namespace

void find_in_lookups(const Report& report, Findings& found) {
  find_expiring_signatures(report, found);
  in_each_host(report, found, [&](const HostReport& host, Findings& of_host) {
    find_empty_non_terminals(host, of_host);
    find_ignored_failures(host, of_host);
    find_other_answers(host, of_host);
    find_alias(report, host, of_host);
  });
}

}  // namespace danewatch

// Findings about certificates that do their work: dates, names, versions.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/authority.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/own_limits.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

using Endpoints = std::vector<std::size_t>;
using std::chrono::days;
using std::chrono::seconds;

// Endpoints for which the test holds, by their leaf; each leaf is one finding.
template <class Test>
std::vector<Endpoints> by_leaf(const HostReport& host, Test test) {
  std::vector<Endpoints> groups;
  for (std::size_t e = 0; e < host.endpoints.size(); ++e) {
    if (!decides(host.endpoints[e].seen) || host.endpoints[e].seen.chain.empty() || !test(e)) continue;
    const std::string& leaf = host.endpoints[e].seen.chain.front().sha256;
    const auto same = std::ranges::find_if(groups, [&](const Endpoints& group) {
      return host.endpoints[group.front()].seen.chain.front().sha256 == leaf;
    });
    if (same != groups.end()) {
      same->push_back(e);
    } else {
      groups.push_back({e});
    }
  }
  return groups;
}

bool is_authenticated(const HostReport& host, std::size_t e) {
  return host.endpoints[e].conclusion.verdict == Verdict::authenticated;
}

bool date_is_free(const HostReport& host, std::size_t e) {
  return is_authenticated(host, e) && !host.endpoints[e].match.date_matters;
}

const Certificate& leaf_of(const HostReport& host, const Endpoints& group) {
  return host.endpoints[group.front()].seen.chain.front();
}

// The certificate of the chain that ends first, as the matcher saw it.
const Certificate* ending_first(const HostReport& host, std::size_t e) {
  const auto date = host.endpoints[e].match.earliest_not_after;
  const auto& chain = host.endpoints[e].seen.chain;
  const auto found = std::ranges::find_if(chain, [&](const Certificate& c) { return date && c.not_after == *date; });
  return found == chain.end() ? nullptr : &*found;
}

// Shares of the lifetime, so that short-lived certificates do not warn all the time.
Severity expiry_severity(seconds left, seconds lifetime) {
  if (left < std::min<seconds>(days(3), lifetime / 20)) return Severity::critical;
  if (left < std::min<seconds>(days(14), lifetime / 6)) return Severity::warning;
  return Severity::info;
}

Severity expiry_severity(const Report& report, const HostReport& host, std::size_t e) {
  const auto end = certificate_end(host.endpoints[e], report.at);
  if (!is_authenticated(host, e) || !end) return Severity::info;
  const Certificate* certificate = ending_first(host, e);
  // A certificate that came from the DNS or the CA store has no dates here: only the fixed spans count for it.
  const seconds lifetime =
      certificate != nullptr ? certificate->not_after - certificate->not_before : seconds(days(365));
  return expiry_severity(*end - report.at, lifetime);
}

void find_expiring(const Report& report, const HostReport& host, Findings& found) {
  const auto own = own_limit(report, Expiry::Kind::certificate);
  if (own && own->severity == Severity::info) return;
  const auto groups = by_leaf(host, [&](std::size_t e) { return expiry_severity(report, host, e) != Severity::info; });
  for (const Endpoints& group : groups) {
    const SysTime date = certificate_end(host.endpoints[group.front()], report.at).value_or(report.at);
    const std::string place = place_of(host, group);
    Finding finding =
        make_finding("cert-expiring", place,
                     fmt::format("A certificate of {} expires in {}, on {}, and its TLSA record needs the date.", place,
                                 span_of(date - report.at), date_of(date)),
                     "Renew it now, and publish the new record first if the key or the CA changes.");
    finding.severity = own ? own->severity : expiry_severity(report, host, group.front());
    found.push_back(about_endpoints(host, group, std::move(finding)));
  }
}

// Whether the match rests on the certificate and not on its key alone: then every renewal needs a new record.
bool is_pinned(const HostReport& host, std::size_t e) {
  const auto& cells = host.endpoints[e].cells;
  bool by_key = false;
  for (std::size_t r = 0; r < cells.size() && r < host.records.size(); ++r) {
    by_key = by_key || (cells[r] == Cell::match && host.records[r].record.selector == 1);
  }
  return !by_key;
}

// What must be done before the certificate changes, so that no mail waits (RFC 7671 8.1), and what is left over then.
Remedies renewal(const Report& report, const HostReport& host, std::size_t e, const std::string& place,
                 const std::string& what) {
  Step renew = at_server(what + " with the same key, for clients that do not use DANE", place);
  if (!is_pinned(host, e)) return {always({std::move(renew)})};
  std::vector<Step> steps{publish_record(right_record(host, host.endpoints[e].seen.chain.front())),
                          wait_until("two TTLs have passed", "let two TTLs pass"), std::move(renew)};
  const auto& cells = host.endpoints[e].cells;
  for (std::size_t r = 0; r < cells.size() && r < host.records.size(); ++r) {
    const TlsaRecord& record = host.records[r].record;
    if (cells[r] == Cell::match && record.usage == 3 && record.selector == 0) steps.push_back(removal(report, host, r));
  }
  return {always(std::move(steps))};
}

void find_expired(const Report& report, const HostReport& host, Findings& found) {
  const SysTime at = report.at;
  const auto& tls = looks(host);
  const auto expired = by_leaf(host, [&](std::size_t e) {
    return date_is_free(host, e) && tls[e].chain.front().error.empty() && tls[e].chain.front().not_after < at;
  });
  for (const Endpoints& group : expired) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-expired", place,
                     fmt::format("The certificate of {} expired on {}; DANE clients ignore this with usage 3.", place,
                                 date_of(leaf_of(host, group).not_after)),
                     renewal(report, host, group.front(), place, "renew it"))));
  }
}

// Clients without DANE compare with the name that the MX or SRV record gives, also where that is an alias (RFC
// 8461 4.1).
void find_other_names(const Report& report, const HostReport& host, Findings& found) {
  if (host.dns.names.empty()) return;
  std::vector<std::string> names = host.dns.names;
  if (was_dialled(host)) names.insert(names.begin(), host.dns.host);
  const auto others = by_leaf(host, [&](std::size_t e) {
    const Certificate& leaf = host.endpoints[e].seen.chain.front();
    return date_is_free(host, e) && leaf.error.empty() && !is_for(leaf, names);
  });
  for (const Endpoints& group : others) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-name", place,
                     fmt::format("The certificate of {} is not for {}; DANE clients ignore this with usage 3.", place,
                                 list(names)),
                     renewal(report, host, group.front(), place, "get a certificate for " + names.front()))));
  }
}

void find_bare_keys(const HostReport& host, Findings& found) {
  const auto bare_key = [&](std::size_t e) {
    const MatchedRecord match = host.endpoints[e].match.match.value_or(MatchedRecord());
    return match.bare_key && match.record < host.records.size() ? std::optional(match.record) : std::nullopt;
  };
  const auto groups =
      by_leaf(host, [&](std::size_t e) { return is_authenticated(host, e) && bare_key(e).has_value(); });
  for (const Endpoints& group : groups) {
    const std::size_t record = bare_key(group.front()).value_or(0);
    Finding finding =
        make_finding("tlsa-bare-key", "",
                     fmt::format("Only TLSA {} matches {}, through a CA key that the server does not send.",
                                 short_text(host.records[record].record), place_of(host, group)),
                     advice(Step::Do::server, "Send the CA's certificate with the chain.", place_of(host, group)));
    finding = about_endpoints(host, group, also(std::move(finding), " Some clients cannot do that."));
    found.push_back(about_record(host, record, std::move(finding)));
  }
}

// "certificate 3 of the chain (issued by "CN=Elder")": counted from one, the server's own first.
std::string position_of(const std::vector<Certificate>& chain, std::size_t index) {
  if (index >= chain.size()) return "";
  return fmt::format("certificate {} of the chain (issued by {})", index + 1, quoted(chain[index].issuer));
}

// The verdict is the RFC's, but Postfix and others that use OpenSSL do not find the way.
void find_ambiguous_chains(const Report& report, const HostReport& host, Findings& found) {
  const auto ambiguous = [&](std::size_t e) {
    return is_authenticated(host, e) && !host.endpoints[e].match.namesakes.empty();
  };
  const bool mail = report.target.service == &smtp_service();
  for (const Endpoints& group : by_leaf(host, ambiguous)) {
    const std::string place = place_of(host, group);
    const auto& chain = host.endpoints[group.front()].seen.chain;
    std::vector<std::string> others;
    for (const std::size_t index : host.endpoints[group.front()].match.namesakes)
      others.push_back(position_of(chain, index));
    Finding finding = make_finding(
        "chain-ambiguous", place, says_of(host, group, {"sends", "send", " several certificates of one name."}),
        {always({at_server("do not send " + list(others), place)}),
         always({publish_record(right_record(host, chain.front()), "usage 3 needs no path")})});
    finding.text += fmt::format(
        " {} that use OpenSSL{} take the path through {}, find no TLSA record on it, and {}; others may find the way.",
        mail ? "Senders" : "Clients", mail ? ", Postfix among them," : "", list(others),
        mail ? "deliver nothing" : "refuse the server");
    found.push_back(about_endpoints(host, group, std::move(finding)));
  }
}

// Level 1 of OpenSSL decides here as with mail senders; Debian's own default for clients is level 2.
void find_weak(const HostReport& host, Findings& found) {
  const std::string fix =
      "Use a key of at least RSA 2048 or ECDSA P-256, signed with SHA-256 or better, and publish "
      "the record of a new key before it is used.";
  for (const Endpoints& group : by_leaf(host, [&](std::size_t e) { return !host.endpoints[e].match.weak.empty(); })) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-weak", place,
                     fmt::format("The chain of {} is too weak for clients with OpenSSL's security level 2: {}.", place,
                                 host.endpoints[group.front()].match.weak),
                     fix)));
  }
  for (const Endpoints& group :
       by_leaf(host, [&](std::size_t e) { return host.endpoints[e].match.accepted_at_level_0; })) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-weak", place,
                     fmt::format("Clients without a floor for keys and signatures accept the chain of {}.", place),
                     fix)));
  }
}

void find_legacy(const HostReport& host, Findings& found) {
  const auto version_of = [&](std::size_t e) { return host.endpoints[e].seen.tls.value_or(TlsParameters()).version; };
  const auto groups = by_leaf(host, [&](std::size_t e) {
    const std::string version = version_of(e);
    return version == "TLSv1" || version == "TLSv1.0" || version == "TLSv1.1" || version == "SSLv3";
  });
  for (const Endpoints& group : groups) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("tls-legacy", place,
                     says_of(host, group, {"speaks", "speak", fmt::format(" {} at best.", version_of(group.front()))}),
                     "Enable TLS 1.2 and 1.3.")));
  }
}

void find_other_without_name(const HostReport& host, Findings& found) {
  for (std::size_t e = 0; e < host.endpoints.size(); ++e) {
    const TlsEvidence& nameless = host.endpoints[e].seen;
    if (nameless.view != View::no_sni || nameless.chain.empty()) continue;
    const bool known = std::ranges::any_of(looks(host), [&](const TlsEvidence& named) {
      return named.address == nameless.address && decides(named) && !named.chain.empty() &&
             named.chain.front().sha256 == nameless.chain.front().sha256;
    });
    if (known) continue;
    const std::string place = place_of(host, {e});
    found.push_back(about_endpoints(
        host, {e},
        make_finding("sni-differs", place,
                     says_of(host, {e}, {"shows", "show", " another certificate to clients that send no server name."}),
                     "")));
  }
}

}  // namespace

void find_in_certificates(const Report& report, const HostReport& host, Findings& found) {
  find_expiring(report, host, found);
  find_expired(report, host, found);
  find_other_names(report, host, found);
  find_bare_keys(host, found);
  find_ambiguous_chains(report, host, found);
  find_weak(host, found);
  find_legacy(host, found);
  find_other_without_name(host, found);
}

}  // namespace danewatch

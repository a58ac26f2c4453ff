// Findings about certificates that do their work: dates, names, versions.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/authority.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/own_limits.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

using std::chrono::days;
using std::chrono::seconds;

const Certificate& leaf_of(const EndpointReport& endpoint) {
  return endpoint.seen.chain.front();
}

// Endpoints for which the test holds, by their leaf; each leaf is one finding.
template <class Test>
std::vector<Endpoints> by_leaf(const HostReport& host, Test test) {
  std::vector<Endpoints> groups;
  for (const EndpointReport& endpoint : host.endpoints) {
    if (!decides(endpoint.seen) || endpoint.seen.chain.empty() || !test(endpoint)) continue;
    const std::string& leaf = leaf_of(endpoint).sha256;
    const auto same =
        std::ranges::find_if(groups, [&](const Endpoints& group) { return leaf_of(*group.front()).sha256 == leaf; });
    if (same != groups.end()) {
      same->push_back(&endpoint);
    } else {
      groups.push_back({&endpoint});
    }
  }
  return groups;
}

bool is_authenticated(const EndpointReport& endpoint) {
  return endpoint.conclusion.verdict == Verdict::authenticated;
}

bool date_is_free(const EndpointReport& endpoint) {
  return is_authenticated(endpoint) && !endpoint.match.date_matters;
}

// The certificate of the chain that ends first, as the matcher saw it.
const Certificate* ending_first(const EndpointReport& endpoint) {
  const auto date = endpoint.match.earliest_not_after;
  const auto& chain = endpoint.seen.chain;
  const auto found = std::ranges::find_if(chain, [&](const Certificate& c) { return date && c.not_after == *date; });
  return found == chain.end() ? nullptr : &*found;
}

// Shares of the lifetime, so that short-lived certificates do not warn all the time.
Severity expiry_severity(seconds left, seconds lifetime) {
  if (left < std::min<seconds>(days(3), lifetime / 20)) return Severity::critical;
  if (left < std::min<seconds>(days(14), lifetime / 6)) return Severity::warning;
  return Severity::info;
}

Severity expiry_severity(const Report& report, const EndpointReport& endpoint) {
  const auto end = certificate_end(endpoint, report.at);
  if (!is_authenticated(endpoint) || !end) return Severity::info;
  const Certificate* certificate = ending_first(endpoint);
  // A certificate that came from the DNS or the CA store has no dates here: only the fixed spans count for it.
  const seconds lifetime =
      certificate != nullptr ? certificate->not_after - certificate->not_before : seconds(days(365));
  return expiry_severity(*end - report.at, lifetime);
}

void find_expiring(const Report& report, const HostReport& host, Findings& found) {
  const auto own = own_limit(report, Expiry::Kind::certificate);
  if (own && own->severity == Severity::info) return;
  const auto groups = by_leaf(
      host, [&](const EndpointReport& endpoint) { return expiry_severity(report, endpoint) != Severity::info; });
  for (const Endpoints& group : groups) {
    const SysTime date = certificate_end(*group.front(), report.at).value_or(report.at);
    const std::string place = place_of(host, group);
    Finding finding =
        make_finding("cert-expiring", place,
                     fmt::format("A certificate of {} expires in {}, on {}, and its TLSA record needs the date.", place,
                                 span_of(date - report.at), date_of(date)),
                     "Renew it now, and publish the new record first if the key or the CA changes.");
    finding.severity = own ? own->severity : expiry_severity(report, *group.front());
    found.push_back(about_endpoints(host, group, std::move(finding)));
  }
}

// Whether the match rests on the certificate and not on its key alone: then every renewal needs a new record.
bool is_pinned(const HostReport& host, const EndpointReport& endpoint) {
  return std::ranges::none_of(host.records, [&](const RecordReport& each) {
    return cell_of(endpoint, each) == Cell::match && each.record.selector == 1;
  });
}

// What must be done before the certificate changes, so that no mail waits (RFC 7671 8.1), and what is left over then.
Remedies renewal(const Report& report, const HostReport& host, const Endpoints& group, const std::string& what) {
  const EndpointReport& endpoint = *group.front();
  const std::string place = place_of(host, group);
  Step renew = at_server(what + " with the same key, for clients that do not use DANE", place);
  if (!is_pinned(host, endpoint)) return {always({std::move(renew)})};
  std::vector<Step> steps{publish_record(right_record(host, leaf_of(endpoint))),
                          wait_until("two TTLs have passed", "let two TTLs pass"), std::move(renew)};
  for (const RecordReport& each : host.records) {
    const bool is_of_it = each.record.usage == 3 && each.record.selector == 0;
    if (cell_of(endpoint, each) == Cell::match && is_of_it) steps.push_back(removal(report, host, each));
  }
  return {always(std::move(steps))};
}

void find_expired(const Report& report, const HostReport& host, Findings& found) {
  const SysTime at = report.at;
  const auto expired = by_leaf(host, [&](const EndpointReport& endpoint) {
    return date_is_free(endpoint) && leaf_of(endpoint).error.empty() && leaf_of(endpoint).not_after < at;
  });
  for (const Endpoints& group : expired) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-expired", place,
                     fmt::format("The certificate of {} expired on {}; DANE clients ignore this with usage 3.", place,
                                 date_of(leaf_of(*group.front()).not_after)),
                     renewal(report, host, group, "renew it"))));
  }
}

// Clients without DANE compare with the name that the MX or SRV record gives, also where that is an alias (RFC
// 8461 4.1).
void find_other_names(const Report& report, const HostReport& host, Findings& found) {
  if (host.dns.names.empty()) return;
  std::vector<std::string> names = host.dns.names;
  if (was_dialled(host)) names.insert(names.begin(), host.dns.host);
  const auto others = by_leaf(host, [&](const EndpointReport& endpoint) {
    const Certificate& leaf = leaf_of(endpoint);
    return date_is_free(endpoint) && leaf.error.empty() && !is_for(leaf, names);
  });
  for (const Endpoints& group : others) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-name", place,
                     fmt::format("The certificate of {} is not for {}; DANE clients ignore this with usage 3.", place,
                                 list(names)),
                     renewal(report, host, group, "get a certificate for " + names.front()))));
  }
}

void find_bare_keys(const HostReport& host, Findings& found) {
  const auto groups = by_leaf(host, [](const EndpointReport& endpoint) {
    return is_authenticated(endpoint) && endpoint.match.match.value_or(MatchedRecord()).bare_key;
  });
  for (const Endpoints& group : groups) {
    const RecordReport& record = host.records[group.front()->match.match.value_or(MatchedRecord()).record];
    Finding finding =
        make_finding("tlsa-bare-key", "",
                     fmt::format("Only TLSA {} matches {}, through a CA key that the server does not send.",
                                 short_text(record.record), place_of(host, group)),
                     advice(Step::Do::server, "Send the CA's certificate with the chain.", place_of(host, group)));
    finding = about_endpoints(host, group, also(std::move(finding), " Some clients cannot do that."));
    found.push_back(about_record(host, record, std::move(finding)));
  }
}

// "certificate 3 of the chain (issued by "CN=Elder")": counted from one, the server's own first.
std::string position_of(const std::vector<Certificate>& chain, std::size_t index) {
  return fmt::format("certificate {} of the chain (issued by {})", index + 1, in_quotes(chain[index].issuer));
}

// The verdict is the RFC's, but Postfix and others that use OpenSSL do not find the way.
void find_ambiguous_chains(const Report& report, const HostReport& host, Findings& found) {
  const auto ambiguous = [](const EndpointReport& endpoint) {
    return is_authenticated(endpoint) && !endpoint.match.namesakes.empty();
  };
  const bool mail = report.target.service == &smtp_service();
  for (const Endpoints& group : by_leaf(host, ambiguous)) {
    const std::string place = place_of(host, group);
    const auto& chain = group.front()->seen.chain;
    std::vector<std::string> others;
    for (const std::size_t index : group.front()->match.namesakes) others.push_back(position_of(chain, index));
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
  for (const Endpoints& group : by_leaf(host, [](const EndpointReport& each) { return !each.match.weak.empty(); })) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-weak", place,
                     fmt::format("The chain of {} is too weak for clients with OpenSSL's security level 2: {}.", place,
                                 group.front()->match.weak),
                     fix)));
  }
  for (const Endpoints& group :
       by_leaf(host, [](const EndpointReport& each) { return each.match.accepted_at_level_0; })) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("cert-weak", place,
                     fmt::format("Clients without a floor for keys and signatures accept the chain of {}.", place),
                     fix)));
  }
}

void find_legacy(const HostReport& host, Findings& found) {
  const auto version_of = [](const EndpointReport& endpoint) {
    return endpoint.seen.tls.value_or(TlsParameters()).version;
  };
  const auto groups = by_leaf(host, [&](const EndpointReport& endpoint) {
    const std::string version = version_of(endpoint);
    return version == "TLSv1" || version == "TLSv1.0" || version == "TLSv1.1" || version == "SSLv3";
  });
  for (const Endpoints& group : groups) {
    const std::string place = place_of(host, group);
    found.push_back(about_endpoints(
        host, group,
        make_finding("tls-legacy", place,
                     says_of(host, group, {"speaks", "speak", fmt::format(" {} at best.", version_of(*group.front()))}),
                     "Enable TLS 1.2 and 1.3.")));
  }
}

void find_other_without_name(const HostReport& host, Findings& found) {
  for (const EndpointReport& endpoint : host.endpoints) {
    const TlsEvidence& nameless = endpoint.seen;
    if (nameless.view != View::no_sni || nameless.chain.empty()) continue;
    const bool known = std::ranges::any_of(looks(host), [&](const TlsEvidence& named) {
      return named.address == nameless.address && decides(named) && !named.chain.empty() &&
             named.chain.front().sha256 == nameless.chain.front().sha256;
    });
    if (known) continue;
    const std::string place = place_of(host, {&endpoint});
    found.push_back(about_endpoints(
        host, {&endpoint},
        make_finding(
            "sni-differs", place,
            says_of(host, {&endpoint}, {"shows", "show", " another certificate to clients that send no server name."}),
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

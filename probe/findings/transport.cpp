// Findings about addresses on which TLS did not come about, one per host and cause.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

using Endpoints = std::vector<std::size_t>;

struct Group {
  Conclusion conclusion;  // of the transport alone
  Endpoints endpoints;
};

// Endpoints whose handshake was not finished, by what stopped them.
std::vector<Group> groups_of(const Report& report, const HostReport& host) {
  std::vector<Group> groups;
  for (std::size_t e = 0; e < host.endpoints.size(); ++e) {
    const auto conclusion = conclusion_of(host.endpoints[e].seen, report.run.complete);
    if (!conclusion || conclusion->verdict == Verdict::unknown || !decides(host.endpoints[e].seen)) continue;
    const bool judged = was_observed(host.endpoints[e].seen) && host.endpoints[e].conclusion != *conclusion;
    if (judged) continue;
    const auto same = std::ranges::find_if(groups, [&](const Group& group) {
      return group.conclusion == *conclusion &&
             host.endpoints[group.endpoints.front()].seen.fault == host.endpoints[e].seen.fault;
    });
    if (same != groups.end()) {
      same->endpoints.push_back(e);
    } else {
      groups.push_back({*conclusion, {e}});
    }
  }
  return groups;
}

constexpr std::string_view it_said = "It said:";

std::string stage_words(Stage stage) {
  switch (stage) {
    case Stage::greeting:
      return "before its greeting";
    case Stage::starttls:
      return "during STARTTLS";
    default:
      return "during the TLS handshake";
  }
}

Predicate tempfail_words(const TlsEvidence& evidence) {
  const bool connecting = evidence.stage == Stage::connect || evidence.stage == Stage::not_started;
  if (evidence.fault == Fault::reply) {
    const std::string when = evidence.stage == Stage::greeting ? "in its greeting" : stage_words(evidence.stage);
    return {"refuses", "refuse", " the connection " + when + "."};
  }
  if (connecting && evidence.fault == Fault::refused)
    return {"refuses", "refuse", fmt::format(" connections to port {}.", evidence.port)};
  if (connecting && evidence.fault == Fault::unreachable) return {"cannot", "cannot", " be reached."};
  if (connecting && evidence.fault == Fault::timeout)
    return {"does", "do", fmt::format(" not answer on port {}.", evidence.port)};
  if (evidence.fault == Fault::timeout)
    return evidence.stage == Stage::greeting
               ? Predicate{"sends", "send", " no greeting in time."}
               : Predicate{"does", "do", fmt::format(" not answer in time {}.", stage_words(evidence.stage))};
  return {"closes", "close",
          fmt::format(" the connection {}.", connecting ? std::string("at once") : stage_words(evidence.stage))};
}

// Somebody took the connection and would not go on: the usual reason is a certificate that the server cannot load,
// which its log tells.
std::string look_at_server(const std::string& place, Stage stage) {
  const auto* files = stage == Stage::handshake ? "certificate and key files and the " : "";
  return fmt::format("Check the {}log of the server on {}, and any proxy or firewall in front of it.", files, place);
}

std::string advice_for_unreachable(const TlsEvidence& evidence, const HostReport& host, const std::string& place) {
  if (evidence.fault == Fault::reply)
    return fmt::format("Allow this machine's address, or check the load of {}.", host.dns.host);
  const bool connecting = evidence.stage == Stage::connect || evidence.stage == Stage::not_started;
  if (!connecting) return look_at_server(place, evidence.stage);
  return fmt::format("Start the service on {}, open its firewall, or remove the address from the DNS.", place);
}

Finding unreachable_finding(const HostReport& host, const Group& group) {
  const TlsEvidence& first = host.endpoints[group.endpoints.front()].seen;
  const std::string place = place_of(host, group.endpoints);
  Finding finding = make_finding("address-unreachable", place, says_of(host, group.endpoints, tempfail_words(first)),
                                 advice_for_unreachable(first, host, place));
  return first.fault == Fault::reply ? quoting(std::move(finding), it_said, first.error) : finding;
}

Finding handshake_finding(const Report& report, const HostReport& host, const Group& group) {
  const TlsEvidence& first = host.endpoints[group.endpoints.front()].seen;
  const std::string place = place_of(host, group.endpoints);
  Predicate what{"aborts", "abort", " the TLS handshake."};
  std::string fix = fmt::format("Look at the TLS settings and the key of the server on {}, and at its log.", place);
  if (first.fault == Fault::plaintext) {
    what = {"answers", "answer", " in plain text where TLS should start."};
    const bool at_once = report.target.service->start == StartTlsKind::implicit;
    fix = at_once ? fmt::format("Make port {} of {} speak TLS, or use a service word that starts TLS in the dialogue.",
                                first.port, host.dns.host)
                  : look_at_server(place, Stage::handshake);
  } else if (first.fault == Fault::no_common_version) {
    what = {"knows", "know", " no TLS version that clients use."};
    fix = fmt::format("Enable TLS 1.2 and 1.3 on {}.", place);
  }
  if (first.error.find("unrecognized name") != std::string::npos) {  // RFC 7672 8.1: servers must not insist
    what = {"aborts", "abort", " because it wants another server name."};
    fix = fmt::format("Let the server on {} answer clients that ask for {}, and for any name it does not know.", place,
                      host.dns.base_domain);
  }
  return quoting(make_finding("tls-handshake-failed", place, says_of(host, group.endpoints, what), fix),
                 "The reason given:", first.error);
}

Finding starttls_finding(const HostReport& host, const Group& group) {
  const TlsEvidence& first = host.endpoints[group.endpoints.front()].seen;
  const std::string place = place_of(host, group.endpoints);
  const bool required = host.dns.located == Located::dane;
  if (group.conclusion.reason == Reason::refused) {
    // Many protocols have no way to say that there is no TLS but to refuse it.
    const auto fix = fmt::format(
        "Switch TLS on in the server on {}; if it is on, look at its certificate and key files and at its log.", place);
    return quoting(make_finding("starttls-refused", place,
                                says_of(host, group.endpoints, {"refuses", "refuse", " STARTTLS."}), fix),
                   it_said, first.error);
  }
  return make_finding(
      "starttls-not-offered", place,
      says_of(
          host, group.endpoints,
          {"does", "do", required ? " not offer STARTTLS, which its TLSA records demand." : " not offer STARTTLS."}),
      fmt::format("Enable STARTTLS on {}, or find the firewall or proxy that strips it from the replies.", place));
}

Finding protocol_finding(const HostReport& host, const Group& group) {
  const TlsEvidence& first = host.endpoints[group.endpoints.front()].seen;
  const std::string place = place_of(host, group.endpoints);
  Predicate what{"violates", "violate", " its protocol."};
  std::string fix = fmt::format("Check the server on {}, and any proxy or firewall in front of it.", place);
  if (group.conclusion.reason == Reason::injected) {
    what = {"sends", "send", " plain text after agreeing to TLS: a fault, or an injection."};
    fix = look_at_server(place, Stage::handshake);
  }
  if (group.conclusion.reason == Reason::too_long)
    what = {"sends", "send", " longer replies than its protocol allows."};
  return quoting(make_finding("protocol-error", place, says_of(host, group.endpoints, what), fix), it_said,
                 first.error);
}

Finding finding_of(const Report& report, const HostReport& host, const Group& group) {
  if (group.conclusion.verdict == Verdict::tempfail) return unreachable_finding(host, group);
  if (group.conclusion.verdict == Verdict::protocol_error) return protocol_finding(host, group);
  if (group.conclusion.reason == Reason::handshake) return handshake_finding(report, host, group);
  return starttls_finding(host, group);
}

Severity severity_in(const Report& report, const HostReport& host, const Group& group) {
  // Where DANE does not apply, the server's state is a fact by the way.
  if (host.dns.located != Located::dane) return Severity::info;
  if (group.conclusion.verdict != Verdict::tempfail) return Severity::critical;
  // An address that does not answer decides only if none was judged.
  return report.conclusion.verdict == Verdict::tempfail ? Severity::critical : Severity::warning;
}

}  // namespace

void find_in_transport(const Report& report, const HostReport& host, Findings& found) {
  for (const Group& group : groups_of(report, host)) {
    Finding finding = finding_of(report, host, group);
    finding.severity = severity_in(report, host, group);
    found.push_back(about_endpoints(host, group.endpoints, std::move(finding)));
  }
}

}  // namespace danewatch

// Findings about addresses on which TLS did not come about, one per host and cause.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"
#include "probe/findings/refusals.hpp"

namespace danewatch {
namespace {

struct Group {
  Conclusion conclusion;  // of the transport alone
  Endpoints endpoints;
};

bool is_alike(const TlsEvidence& left, const TlsEvidence& right) {
  return left.fault == right.fault && left.refusal == right.refusal && left.heard.empty() == right.heard.empty();
}

// Endpoints whose handshake was not finished, by what stopped them.
std::vector<Group> groups_of(const Report& report, const HostReport& host) {
  std::vector<Group> groups;
  for (const EndpointReport& endpoint : host.endpoints) {
    const auto conclusion = conclusion_of(endpoint.seen, report.run.complete);
    if (!conclusion || conclusion->verdict == Verdict::unknown || !decides(endpoint.seen)) continue;
    const bool judged = was_observed(endpoint.seen) && endpoint.conclusion != *conclusion;
    if (judged) continue;
    const auto same = std::ranges::find_if(groups, [&](const Group& group) {
      return group.conclusion == *conclusion && is_alike(group.endpoints.front()->seen, endpoint.seen);
    });
    if (same != groups.end()) {
      same->endpoints.push_back(&endpoint);
    } else {
      groups.push_back({*conclusion, {&endpoint}});
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

std::string within(std::chrono::milliseconds time) {
  if (time.count() == 0) return "";
  if (time < std::chrono::seconds(1)) return fmt::format(" within {} ms", time.count());
  return fmt::format(" within {:.3g} s", static_cast<double>(time.count()) / 1000);
}

Predicate tempfail_words(const TlsEvidence& evidence) {
  const bool connecting = evidence.stage == Stage::connect || evidence.stage == Stage::not_started;
  if (connecting && evidence.fault == Fault::refused)
    return {"refuses", "refuse", fmt::format(" connections to port {}.", evidence.port)};
  if (connecting && evidence.fault == Fault::unreachable) return {"cannot", "cannot", " be reached."};
  if (connecting && evidence.fault == Fault::timeout)
    return {"does", "do", fmt::format(" not answer on port {}.", evidence.port)};
  if (evidence.fault == Fault::timeout && evidence.stage == Stage::greeting) {
    const bool begun = !evidence.heard.empty();
    return begun ? Predicate{"begins", "begin", " its greeting and does not end it" + within(evidence.waited) + "."}
                 : Predicate{"sends", "send", " no greeting" + within(evidence.waited) + "."};
  }
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

std::string advice_for_unreachable(const TlsEvidence& evidence, const std::string& place) {
  // A delay alone is no fault: many servers let strangers wait before they greet, and senders have five minutes.
  if (evidence.fault == Fault::timeout && evidence.stage == Stage::greeting) {
    return fmt::format(
        "Give the run more time with --timeout; if that does not help, check the log of the server on {}.", place);
  }
  const bool connecting = evidence.stage == Stage::connect || evidence.stage == Stage::not_started;
  if (!connecting) return look_at_server(place, evidence.stage);
  return fmt::format("Start the service on {}, open its firewall, or remove the address from the DNS.", place);
}

Finding unreachable_finding(const Report& report, const HostReport& host, const Group& group) {
  const TlsEvidence& first = group.endpoints.front()->seen;
  if (first.fault == Fault::reply) return refusal_finding(report, host, group.endpoints);
  const std::string place = place_of(host, group.endpoints);
  Finding finding = make_finding("address-unreachable", place, says_of(host, group.endpoints, tempfail_words(first)),
                                 advice_for_unreachable(first, place));
  return first.stage == Stage::greeting ? quoting(std::move(finding), it_said, first.heard) : finding;
}

Finding handshake_finding(const Report& report, const HostReport& host, const Group& group) {
  const TlsEvidence& first = group.endpoints.front()->seen;
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
  if (first.fault == Fault::unrecognized_name) {  // RFC 7672 8.1: servers must not insist
    what = {"aborts", "abort", " because it wants another server name."};
    fix = fmt::format("Let the server on {} answer clients that ask for {}, and for any name it does not know.", place,
                      host.dns.base_domain);
  }
  return quoting(make_finding("tls-handshake-failed", place, says_of(host, group.endpoints, what), fix),
                 "The reason given:", first.error);
}

// What the server said instead of a list of capabilities, or such a list whose first line is not its name.
bool is_in_the_wrong_line(const TlsEvidence& evidence) {
  return evidence.fault == Fault::not_offered && evidence.heard.starts_with('2');
}

Finding starttls_finding(const HostReport& host, const Group& group) {
  const TlsEvidence& first = group.endpoints.front()->seen;
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
  const bool overwritten = is_written_over(first.heard);
  Finding finding = make_finding(
      "starttls-not-offered", place,
      says_of(
          host, group.endpoints,
          {"does", "do", required ? " not offer STARTTLS, which its TLSA records demand." : " not offer STARTTLS."}),
      overwritten ? fmt::format("Switch the inspection of ESMTP off in the firewall before {}, or let it allow TLS "
                                "(Cisco: no inspect esmtp, or allow-tls).",
                                place)
      : is_in_the_wrong_line(first)
          ? fmt::format("Let the server on {} begin its reply to EHLO with its name, and say STARTTLS behind it.",
                        place)
          : fmt::format("Enable STARTTLS on {}, or find the firewall or proxy that strips it from the replies.",
                        place));
  if (!overwritten && is_in_the_wrong_line(first))
    finding = also(std::move(finding),
                   " The first line of its reply to EHLO says STARTTLS, where only the server's name "
                   "is read (RFC 5321 §4.1.1.1).");
  finding = quoting(std::move(finding), it_said, first.heard);
  return overwritten ? also(std::move(finding), " A firewall writes over its replies, as Cisco's does.") : finding;
}

Finding protocol_finding(const HostReport& host, const Group& group) {
  const TlsEvidence& first = group.endpoints.front()->seen;
  const std::string place = place_of(host, group.endpoints);
  Predicate what{"violates", "violate", " its protocol."};
  std::string fix = fmt::format("Check the server on {}, and any proxy or firewall in front of it.", place);
  if (group.conclusion.reason == Reason::injected) {
    what = {"sends", "send", " plain text after agreeing to TLS: a fault, or an injection."};
    fix = look_at_server(place, Stage::handshake);
  }
  if (first.stage == Stage::handshake) {
    what = {"sends", "send", " TLS messages without end in the handshake."};
    return quoting(make_finding("protocol-error", place, says_of(host, group.endpoints, what), fix),
                   "Seen:", first.error);
  }
  if (group.conclusion.reason == Reason::too_long)
    what = {"sends", "send", " longer replies than its protocol allows."};
  return quoting(make_finding("protocol-error", place, says_of(host, group.endpoints, what), fix), it_said,
                 first.error);
}

Finding finding_of(const Report& report, const HostReport& host, const Group& group) {
  if (group.conclusion.verdict == Verdict::tempfail) return unreachable_finding(report, host, group);
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

// Replies that break the protocol, and after which the dialogue went on.
void find_slips(const HostReport& host, Findings& found) {
  Endpoints endpoints;
  for (const EndpointReport& endpoint : host.endpoints) {
    const TlsEvidence& seen = endpoint.seen;
    if (!seen.slip.empty() && decides(seen)) endpoints.push_back(&endpoint);
  }
  if (endpoints.empty()) return;
  const Predicate says{"breaks", "break", " its protocol: a reply's code wants a blank or \"-\" behind it."};
  Finding finding = quoting(
      make_finding("protocol-error", place_of(host, endpoints), says_of(host, endpoints, says),
                   fmt::format("Check the server on {}, and any proxy or firewall in front of it.", host.dns.host)),
      it_said, endpoints.front()->seen.slip);
  finding = also(std::move(finding),
                 " Some clients go on all the same; others, Postfix among them, wait for the rest of the reply.");
  if (host.dns.located != Located::dane) finding.severity = Severity::info;
  found.push_back(about_endpoints(host, endpoints, std::move(finding)));
}

}  // namespace

void find_in_transport(const Report& report, const HostReport& host, Findings& found) {
  find_slips(host, found);
  for (const Group& group : groups_of(report, host)) {
    Finding finding = finding_of(report, host, group);
    finding.severity = severity_in(report, host, group);
    found.push_back(about_endpoints(host, group.endpoints, std::move(finding)));
  }
}

}  // namespace danewatch

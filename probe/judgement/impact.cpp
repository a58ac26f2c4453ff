// What becomes of mail to the domain.

#include <algorithm>

#include "probe/judgement/inner.hpp"
#include "probe/report/given_sets.hpp"

namespace danewatch {
namespace {

// Ways into the domain, by what a sender who honours DANE does with them.
struct Ways {
  int authenticated = 0;
  int open = 0;         // delivered, but to whom?
  int skipped = 0;      // RFC 7672 2.1.2, 2.2: must not be used
  int unreachable = 0;  // nobody can use it now; another host takes over
  int uncertain = 0;    // refused to us, slower than we wait, or odd: others may get through
  int nowhere = 0;      // of the skipped: the name leads to no address
};

void count(Ways& ways, const Conclusion& conclusion) {
  switch (conclusion.verdict) {
    case Verdict::authenticated:
      ++ways.authenticated;
      break;
    case Verdict::unusable:
    case Verdict::not_applicable:
      ++ways.open;
      break;
    case Verdict::tempfail:
      ++ways.unreachable;
      break;
    case Verdict::unknown:
    case Verdict::no_service:
      break;
    case Verdict::dns_error:
      ++ways.skipped;
      if (conclusion.reason == Reason::nxdomain || conclusion.reason == Reason::no_address) ++ways.nowhere;
      break;
    default:
      ++ways.skipped;
  }
}

bool all_unreachable(const HostReport& host, bool complete) {
  return !host.endpoints.empty() && std::ranges::all_of(host.endpoints, [&](const EndpointReport& endpoint) {
    const auto conclusion = conclusion_of(endpoint.seen, complete);
    return conclusion && conclusion->verdict == Verdict::tempfail;
  });
}

// It refuses us, and we cannot know whom else; or it lets clients wait, and senders have more patience (RFC 5321
// 4.5.3.2.1); or its replies are such that some clients go on and others do not.
bool says_nothing_of_others(const TlsEvidence& seen) {
  const bool connected = seen.stage != Stage::not_started && seen.stage != Stage::connect;
  return seen.fault == Fault::reply || (connected && seen.fault == Fault::timeout) || !seen.slip.empty();
}

// A wrong certificate is wrong for whoever gets to see it.
bool is_open_question(const Conclusion& conclusion) {
  return conclusion.verdict == Verdict::tempfail || conclusion.verdict == Verdict::authenticated;
}

bool any_uncertain(const HostReport& host) {
  return std::ranges::any_of(host.endpoints,
                             [](const EndpointReport& endpoint) { return says_nothing_of_others(endpoint.seen); });
}

void count(Ways& ways, const HostReport& host, bool complete) {
  if (host.dns.located != Located::dane) {
    const bool open = host.conclusion.verdict == Verdict::not_applicable;
    if (open && all_unreachable(host, complete)) {
      ++(any_uncertain(host) ? ways.uncertain : ways.unreachable);
    } else {
      count(ways, host.conclusion);
    }
    return;
  }
  for (const EndpointReport& endpoint : host.endpoints) {
    if (!decides(endpoint.seen)) continue;
    // Authenticated by the RFC, but senders that use OpenSSL do not find the way (rows.md B-56), or senders have no
    // certificate to show (rows.md E-03).
    if (!endpoint.match.namesakes.empty() || insists_on_client_certificate(endpoint.seen)) {
      ++ways.skipped;
    } else if (says_nothing_of_others(endpoint.seen) && is_open_question(endpoint.conclusion)) {
      ++ways.uncertain;
    } else {
      count(ways, endpoint.conclusion);
    }
  }
}

std::optional<Impact> impact_of(const Ways& ways) {
  const int delivered = ways.authenticated + ways.open;
  if (ways.skipped > 0 && delivered > 0) return Impact::partly_deferred;
  if (ways.uncertain > 0 && delivered == 0) return std::nullopt;
  if (ways.skipped > 0) {
    const bool all_nowhere = ways.skipped == ways.nowhere && ways.unreachable == 0;
    return all_nowhere ? Impact::undeliverable : Impact::deferred;
  }
  if (ways.authenticated > 0) return ways.open > 0 ? Impact::partly_protected : Impact::protected_;
  if (ways.open > 0) return Impact::unprotected;
  if (ways.unreachable > 0) return Impact::deferred;
  return std::nullopt;
}

std::optional<Impact> impact_of_hosts(const Report& report) {
  Ways ways;
  for (const HostReport& host : report.hosts) {
    count(ways, host, report.run.complete);
    // Which of the name servers a sender's resolver asks decides what it does.
    if (!senders_disagree(given_sets(report, host))) continue;
    ++ways.skipped;
    ++ways.open;
  }
  auto impact = impact_of(ways);
  // RFC 7672 2.2.1: with an unsigned MX list nobody is protected, however good the hosts are.
  const bool forgeable = report.walk.located == Located::insecure_mx;
  if (forgeable && (impact == Impact::protected_ || impact == Impact::partly_protected)) impact = Impact::unprotected;
  return impact;
}

}  // namespace

std::optional<Impact> impact_of(const Report& report) {
  if (report.target.kind != TargetKind::mail_domain) return std::nullopt;
  switch (report.walk.located) {
    case Located::bogus:
    case Located::servfail:
    case Located::timeout:
    case Located::malformed:
      return Impact::deferred;
    case Located::no_service:
    case Located::nxdomain:
    case Located::no_address:
      return Impact::undeliverable;
    case Located::dane:
    case Located::insecure_mx:
      return impact_of_hosts(report);
    default:
      return std::nullopt;
  }
}

}  // namespace danewatch

#include "probe/judge.hpp"

#include <algorithm>

#include "probe/judge_parts.hpp"

namespace danewatch {
namespace {

const HostMatches no_matches;

std::span<const TlsEvidence> tls_of(const Report& report, std::size_t host) {
  if (host >= report.tls.size()) return {};
  return report.tls[host];
}

const HostMatches& matches_of(const Report& report, std::size_t host) {
  return host < report.matches.size() ? report.matches[host] : no_matches;
}

std::optional<std::string> unusable_why(const HostMatches& matches, std::size_t record) {
  return record < matches.unusable.size() ? matches.unusable[record] : std::nullopt;
}

// Without a chain only one thing is known of a record: that no client may use it.
std::vector<Cell> cells_of(const HostEvidence& host, const HostMatches& matches, const TlsEvidence& evidence,
                           const MatchResult& match) {
  if (was_observed(evidence) && match.cells.size() == host.tlsa.size()) return match.cells;
  std::vector<Cell> cells;
  for (std::size_t r = 0; r < host.tlsa.size(); ++r) {
    cells.push_back(unusable_why(matches, r) ? Cell::unusable : Cell::unobserved);
  }
  return cells;
}

// Records that our own limit cut away might have matched, or been usable: then nothing bad is proven.
Conclusion respect_cut(const HostEvidence& host, Conclusion conclusion) {
  const bool cut = host.tlsa_total > host.tlsa.size();
  const bool by_records = conclusion.verdict == Verdict::mismatch || conclusion.verdict == Verdict::unusable;
  return cut && by_records ? Conclusion{Verdict::unknown, Reason::local_limit} : conclusion;
}

EndpointJudgement judge_endpoint(const Report& report, const HostEvidence& host, const HostMatches& matches,
                                 const TlsEvidence& evidence, const MatchResult& match) {
  EndpointJudgement result;
  // Without a secure TLSA RRset nothing that TLS shows can change the conclusion (rows.md E-11).
  const auto by_dns = conclusion_of(host.located, report.complete);
  result.conclusion = by_dns ? *by_dns : respect_cut(host, conclude_endpoint(evidence, match, report.complete));
  result.result_type = result_type_of(result.conclusion);
  result.cells = cells_of(host, matches, evidence, match);
  return result;
}

bool none_usable(const HostEvidence& host, const HostMatches& matches) {
  if (host.tlsa.size() != matches.unusable.size()) return false;
  return std::ranges::all_of(matches.unusable, [](const auto& why) { return why.has_value(); });
}

Conclusion conclude_host(const Report& report, const HostEvidence& host, const HostMatches& matches,
                         std::span<const TlsEvidence> tls, const std::vector<EndpointJudgement>& endpoints) {
  if (const auto by_dns = conclusion_of(host.located, report.complete)) return *by_dns;
  std::vector<Conclusion> parts;
  for (std::size_t e = 0; e < endpoints.size(); ++e) {
    if (decides(tls[e])) parts.push_back(endpoints[e].conclusion);
  }
  const Conclusion worst = aggregate(parts);
  // RFC 7672 2.2: no usable record still means that TLS is required, whether or not we could look.
  if (worst.verdict == Verdict::unknown && none_usable(host, matches)) {
    return respect_cut(host, {Verdict::unusable, Reason::none});
  }
  return worst;
}

HostJudgement judge_host(const Report& report, std::size_t index) {
  const HostEvidence& host = report.dns.hosts[index];
  const HostMatches& matches = matches_of(report, index);
  const auto tls = tls_of(report, index);
  const MatchResult none;
  HostJudgement result;
  for (std::size_t e = 0; e < tls.size(); ++e) {
    const MatchResult& match = e < matches.endpoints.size() ? matches.endpoints[e] : none;
    result.endpoints.push_back(judge_endpoint(report, host, matches, tls[e], match));
  }
  result.conclusion = conclude_host(report, host, matches, tls, result.endpoints);
  result.result_type = result_type_of(result.conclusion);
  result.states = record_states(host, tls, result.endpoints, matches, report.policy);
  return result;
}

// Hosts into the report. A mail domain with one good host and one without TLSA is not-applicable/no-tlsa, the worst of
// its hosts: whoever can block the good host decides that mail takes the unprotected one, so calling the domain
// authenticated would be a lie. Its impact says partly-protected, and with --if-present (absence is no fault) the
// warning mx-partly-protected is all that remains (RFC 7672 2.2.1, rows.md C-38).
Conclusion conclude_report(const Report& report, const std::vector<HostJudgement>& hosts) {
  const Located located = report.dns.located;
  const bool walked = located == Located::dane || located == Located::insecure_mx;
  const auto by_dns = conclusion_of(located, report.complete);
  if (!walked) return *by_dns;
  std::vector<Conclusion> parts;
  for (const HostJudgement& host : hosts) parts.push_back(host.conclusion);
  const Conclusion of_hosts = aggregate(parts);
  // RFC 7672 2.2.1: an unsigned MX list may be forged, so it cannot vouch for its hosts. Where a host has no DANE of
  // its own either, its reason is the one to mend first.
  const bool hosts_win = !by_dns || of_hosts.verdict <= by_dns->verdict;
  return hosts_win ? of_hosts : *by_dns;
}

}  // namespace

const MatchResult& HostView::match(std::size_t endpoint) const {
  static const MatchResult none;
  return endpoint < matches.endpoints.size() ? matches.endpoints[endpoint] : none;
}

std::vector<HostView> host_views(const Report& report, const Judgement& judgement) {
  std::vector<HostView> views;
  for (std::size_t h = 0; h < report.dns.hosts.size() && h < judgement.hosts.size(); ++h) {
    views.push_back({report, report.dns.hosts[h], tls_of(report, h), matches_of(report, h), judgement.hosts[h]});
  }
  return views;
}

Judgement judge(const Report& report) {
  Judgement result;
  for (std::size_t h = 0; h < report.dns.hosts.size(); ++h) result.hosts.push_back(judge_host(report, h));
  result.conclusion = conclude_report(report, result.hosts);
  result.impact = impact_of(report, result);
  result.findings = find_all(report, result);
  result.severity = severity_of(result.conclusion, report.policy.if_present);
  for (const Finding& finding : result.findings) {
    if (finding.severity != Severity::info) result.severity = worse(result.severity, finding.severity);
  }
  result.summary = summarize(report, result);
  return result;
}

}  // namespace danewatch

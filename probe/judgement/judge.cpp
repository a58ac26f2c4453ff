#include "probe/judgement/judge.hpp"

#include <algorithm>
#include <stdexcept>

#include "probe/judgement/inner.hpp"

namespace danewatch {
namespace {

// Without a chain only one thing is known of a record: that no client may use it.
std::vector<Cell> cells_without_chain(const HostReport& host) {
  std::vector<Cell> cells;
  for (const RecordReport& record : host.records) cells.push_back(record.unusable ? Cell::unusable : Cell::unobserved);
  return cells;
}

void take(EndpointReport& endpoint, MatchResult result) {
  endpoint.cells = std::move(result.cells);
  endpoint.match = std::move(result);  // but for what stands at the records
}

// Holds what a host showed against its records.
void match_host(HostReport& host, const Report& report, const Matcher& matcher) {
  const std::vector<TlsaRecord>& records = host.dns.tlsa;
  const auto unusable = matcher.unusable(records, *report.target.service);
  for (std::size_t r = 0; r < records.size(); ++r) {
    host.records.push_back({records[r], RecordState::unknown, unusable[r], r});
  }
  const std::vector<std::string> names = reference_names(host.dns);
  for (EndpointReport& endpoint : host.endpoints) {
    if (!was_observed(endpoint.seen)) {
      endpoint.cells = cells_without_chain(host);
      continue;
    }
    const MatchQuestion question{endpoint.seen.chain, records, names, report.target.service, report.at};
    MatchResult result = matcher.match(question);
    if (!answers(result, question))
      throw std::logic_error("a matcher that answers for other records than it was asked about");
    take(endpoint, std::move(result));
  }
}

// Records that our own limit cut away might have matched, or been usable: then nothing bad is proven.
Conclusion respect_cut(const HostEvidence& host, Conclusion conclusion) {
  const bool cut = host.tlsa_total > host.tlsa.size();
  const bool by_records = conclusion.verdict == Verdict::mismatch || conclusion.verdict == Verdict::unusable;
  return cut && by_records ? Conclusion{Verdict::unknown, Reason::local_limit} : conclusion;
}

void judge_endpoint(EndpointReport& endpoint, const HostReport& host, bool complete) {
  // Without a secure TLSA RRset nothing that TLS shows can change the conclusion (rows.md E-11).
  const auto by_dns = conclusion_of(host.dns.located, complete);
  endpoint.conclusion =
      by_dns ? *by_dns : respect_cut(host.dns, conclude_endpoint(endpoint.seen, endpoint.match, complete));
  endpoint.result_type = result_type_of(endpoint.conclusion);
}

bool none_usable(const HostReport& host) {
  return std::ranges::all_of(host.records, [](const RecordReport& record) { return record.unusable.has_value(); });
}

Conclusion conclude_host(const HostReport& host, bool complete) {
  if (const auto by_dns = conclusion_of(host.dns.located, complete)) return *by_dns;
  std::vector<Conclusion> parts;
  for (const EndpointReport& endpoint : host.endpoints) {
    if (decides(endpoint.seen)) parts.push_back(endpoint.conclusion);
  }
  const Conclusion worst = aggregate(parts);
  // RFC 7672 2.2: no usable record still means that TLS is required, whether or not we could look.
  if (worst.verdict == Verdict::unknown && none_usable(host)) {
    return respect_cut(host.dns, {Verdict::unusable, Reason::none});
  }
  return worst;
}

// What the certificates shown would come to if the host had other records.
Conclusion conclude_with(const std::vector<TlsaRecord>& records, const HostReport& host, const Report& report,
                         const Matcher& matcher) {
  std::vector<Conclusion> parts;
  const std::vector<std::string> names = reference_names(host.dns);
  for (const TlsEvidence& seen : looks(host)) {
    if (!was_observed(seen) || !decides(seen)) continue;
    const MatchResult match = matcher.match({seen.chain, records, names, report.target.service, report.at});
    parts.push_back(conclude_endpoint(seen, match, report.run.complete));
  }
  return aggregate(parts);
}

void judge_other_sets(HostReport& host, const Report& report, const Matcher& matcher) {
  for (auto& records : other_sets(report.servers, host.dns)) {
    const Conclusion conclusion = conclude_with(records, host, report, matcher);
    host.other_sets.push_back({std::move(records), conclusion});
  }
}

void judge_host(HostReport& host, const Report& report, const Matcher& matcher) {
  match_host(host, report, matcher);
  judge_other_sets(host, report, matcher);
  for (EndpointReport& endpoint : host.endpoints) judge_endpoint(endpoint, host, report.run.complete);
  host.conclusion = conclude_host(host, report.run.complete);
  host.result_type = result_type_of(host.conclusion);
  const auto states = record_states(host, report.policy);
  for (std::size_t r = 0; r < states.size(); ++r) host.records[r].state = states[r];
}

// Hosts into the report. A mail domain with one good host and one without TLSA is not-applicable/no-tlsa, the worst of
// its hosts: whoever can block the good host decides that mail takes the unprotected one, so calling the domain
// authenticated would be a lie. Its impact says partly-protected, and with --if-present (absence is no fault) the
// warning mx-partly-protected is all that remains (RFC 7672 2.2.1, rows.md C-38).
Conclusion conclude_report(const Report& report) {
  const Located located = report.walk.located;
  const bool walked = located == Located::dane || located == Located::insecure_mx;
  const auto by_dns = conclusion_of(located, report.run.complete);
  if (!walked) return *by_dns;
  std::vector<Conclusion> parts;
  for (const HostReport& host : report.hosts) parts.push_back(host.conclusion);
  const Conclusion of_hosts = aggregate(parts);
  // RFC 7672 2.2.1: an unsigned MX list may be forged, so it cannot vouch for its hosts. Where a host has no DANE of
  // its own either, its reason is the one to mend first.
  const bool hosts_win = !by_dns || of_hosts.verdict <= by_dns->verdict;
  return hosts_win ? of_hosts : *by_dns;
}

Report unjudged(Evidence evidence, const Policy& policy) {
  Report report;
  report.target = std::move(evidence.target);
  report.at = evidence.at;
  report.run = std::move(evidence.run);
  report.policy = policy;
  report.walk = std::move(evidence.walk);
  report.servers = std::move(evidence.servers);
  report.senders = std::move(evidence.senders);
  for (HostFacts& facts : evidence.hosts) {
    HostReport& host = report.hosts.emplace_back();
    host.dns = std::move(facts.dns);
    for (TlsEvidence& seen : facts.endpoints) {
      const std::size_t place = host.endpoints.size();
      EndpointReport& endpoint = host.endpoints.emplace_back();
      endpoint.seen = std::move(seen);
      endpoint.place = place;
    }
  }
  return report;
}

Reason reason_of(NotLooked::Why why) {
  switch (why) {
    case NotLooked::Why::not_run:
      return Reason::not_run;
    case NotLooked::Why::bad_target:
      return Reason::bad_target;
    case NotLooked::Why::refused_by_policy:
      return Reason::refused_by_policy;
    case NotLooked::Why::local_limit:
      return Reason::local_limit;
    case NotLooked::Why::deadline:
      return Reason::deadline;
  }
  return Reason::not_run;
}

void judge_not_looked(Report& report, const NotLooked& why) {
  report.conclusion = {Verdict::unknown, reason_of(why.why)};
  Finding finding = not_looked_finding(report.target, why);
  finding.severity = severity_of(report.conclusion, false);
  report.findings.push_back(std::move(finding));
  report.severity = weigh(report);
  report.summary = summarize(report);
}

}  // namespace

Report judge(Evidence evidence, const Matcher& matcher, const Policy& policy) {
  Report report = unjudged(std::move(evidence), policy);
  for (HostReport& host : report.hosts) judge_host(host, report, matcher);
  if (report.run.not_looked) {
    judge_not_looked(report, *report.run.not_looked);
    return report;
  }
  report.conclusion = conclude_report(report);
  report.impact = impact_of(report);
  report.findings = find_all(report);
  report.severity = weigh(report);
  report.summary = summarize(report);
  return report;
}

Evidence facts_of(const Report& report) {
  Evidence evidence{report.target, report.at, report.run, report.walk, {}, report.servers, report.senders};
  for (const HostReport& host : report.hosts) {
    const auto seen = looks(host);
    evidence.hosts.push_back({host.dns, {seen.begin(), seen.end()}});
  }
  return evidence;
}

}  // namespace danewatch

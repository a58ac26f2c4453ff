#include "probe/verify.hpp"

#include "probe/find_all.hpp"
#include "probe/record_state.hpp"
#include "probe/report.hpp"
#include "probe/summary.hpp"

namespace danewatch {
namespace {

// One host with one address that shows the chain on every view: the same rules then apply as to a probe.
Report as_report(const VerifyQuestion& question, const HostMatches& matches) {
  Report report;
  report.target.kind = TargetKind::host;
  report.target.name = question.names.front();
  report.target.service = question.service;
  report.at = question.at;
  report.policy = question.policy;
  report.policy.views = Views::automatic;
  report.dns.located = Located::dane;
  HostEvidence& host = report.dns.hosts.emplace_back();
  host.located = Located::dane;
  host.base_domain = question.names.front();
  host.names = question.names;
  host.tlsa = question.records;
  TlsEvidence evidence;
  evidence.stage = Stage::done;
  evidence.fault = Fault::none;
  evidence.chain = question.chain;
  report.tls.push_back({evidence});
  report.matches.push_back(matches);
  return report;
}

Judgement judgement_of(const Report& report, const MatchResult& match) {
  Judgement judgement;
  judgement.conclusion = match.conclusion;
  HostJudgement& host = judgement.hosts.emplace_back();
  host.conclusion = match.conclusion;
  host.endpoints.push_back({match.conclusion, result_type_of(match.conclusion), match.cells});
  host.states = record_states(report.dns.hosts.front(), report.tls.front(), host.endpoints, report.matches.front(),
                              report.policy);
  return judgement;
}

}  // namespace

VerifyReport verify(const Matcher& matcher, VerifyQuestion question) {
  VerifyReport result;
  MatchQuestion asked;
  asked.chain = question.chain;
  asked.records = question.records;
  asked.names = question.names;
  asked.service = question.service;
  asked.at = question.at;
  result.match = matcher.match(asked);
  HostMatches matches;
  matches.unusable = matcher.unusable(question.records, *question.service);
  matches.endpoints.push_back(result.match);
  const Report report = as_report(question, matches);
  Judgement judgement = judgement_of(report, result.match);
  judgement.findings = find_offline(report, judgement);
  result.states = judgement.hosts.front().states;
  result.severity = severity_of(judgement.conclusion, false);
  for (const Finding& finding : judgement.findings) {
    if (finding.severity != Severity::info) result.severity = worse(result.severity, finding.severity);
  }
  result.summary = summarize(report, judgement);
  result.findings = std::move(judgement.findings);
  result.question = std::move(question);
  return result;
}

}  // namespace danewatch

#include "probe/predict/verify.hpp"

#include "probe/judgement/judge.hpp"

namespace danewatch {
namespace {

// One host with one endpoint that shows the chain on every view; neither has a name or an address, for nobody was
// asked.
Evidence evidence_of(const VerifyQuestion& question) {
  Evidence evidence;
  evidence.target.kind = TargetKind::host;
  evidence.target.name = question.names.front();
  evidence.target.service = question.service;
  evidence.at = question.at;
  evidence.run.origin = Origin::predicted;
  evidence.walk.located = Located::dane;
  HostFacts& host = evidence.hosts.emplace_back();
  host.dns.located = Located::dane;
  host.dns.base_domain = question.names.front();
  host.dns.names = question.names;
  host.dns.tlsa = question.records;
  TlsEvidence& seen = host.endpoints.emplace_back();
  seen.stage = Stage::done;
  seen.fault = Fault::none;
  seen.chain = question.chain;
  return evidence;
}

}  // namespace

VerifyReport verify(const Matcher& matcher, VerifyQuestion question) {
  Policy policy = question.policy;
  policy.views = Views::automatic;  // a chain from a file is all there is
  Report report = judge(evidence_of(question), matcher, policy);
  HostReport& host = report.hosts.front();
  VerifyReport result;
  result.question = std::move(question);
  result.match = std::move(host.endpoints.front().match);
  result.records = std::move(host.records);
  result.severity = report.severity;
  result.summary = std::move(report.summary);
  result.findings = std::move(report.findings);
  return result;
}

}  // namespace danewatch

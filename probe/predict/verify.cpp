#include "probe/predict/verify.hpp"

#include "probe/judgement/judge.hpp"

namespace danewatch {
namespace {

// One host with one endpoint that shows the chain on every view.
Evidence evidence_of(VerifyQuestion question) {
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
  host.dns.names = std::move(question.names);
  host.dns.tlsa = std::move(question.records);
  TlsEvidence& seen = host.endpoints.emplace_back();
  seen.stage = Stage::done;
  seen.fault = Fault::none;
  seen.chain = std::move(question.chain);
  return evidence;
}

}  // namespace

VerifyReport verify(const Matcher& matcher, VerifyQuestion question) {
  Policy policy = question.policy;
  policy.views = Views::automatic;  // a chain from a file is all there is
  return {judge(evidence_of(std::move(question)), matcher, policy)};
}

}  // namespace danewatch

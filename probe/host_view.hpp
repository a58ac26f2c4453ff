// One host of a report, as those see it who make findings, the impact, the summary or metrics of it.
//
// Holds references and decides nothing. Thread rule: pure functions.
#pragma once

#include <span>
#include <vector>

#include "probe/report.hpp"

namespace danewatch {

// One host with everything known about it. Holds references: valid while the report and the judgement live.
struct HostView {
  const Report& report;
  const HostEvidence& dns;
  std::span<const TlsEvidence> tls;
  const HostMatches& matches;
  const HostJudgement& judgement;
  bool offline = false;  // `verify`: one chain from a file, no address

  const Policy& policy() const { return report.policy; }
  const MatchResult& match(std::size_t endpoint) const;
  const std::vector<EndpointJudgement>& endpoints() const { return judgement.endpoints; }
};

std::vector<HostView> host_views(const Report& report, const Judgement& judgement);

}  // namespace danewatch

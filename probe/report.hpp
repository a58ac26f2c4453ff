// A Report: target, evidence, matches and judgement of one run. The unit of everything downstream.
//
// Immutable once made. `tls`, `matches` and `judgement.hosts` run parallel to `dns.hosts`; within a
// host, `tls[h]`, `matches[h].endpoints` and `judgement.hosts[h].endpoints` run parallel.
// Thread rule: a value.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "probe/findings.hpp"
#include "probe/match.hpp"
#include "probe/policy.hpp"
#include "probe/tls_evidence.hpp"
#include "probe/verdict.hpp"
#include "resolver/dns_evidence.hpp"

namespace danewatch {

struct HostMatches {
  std::vector<std::optional<std::string>> unusable;  // per record of the host: why no client may use it
  std::vector<MatchResult> endpoints;                // empty result where no chain was shown

  bool operator==(const HostMatches&) const = default;
};

struct EndpointJudgement {
  Conclusion conclusion;
  std::optional<ResultType> result_type;
  std::vector<Cell> cells;  // per record of the host

  bool operator==(const EndpointJudgement&) const = default;
};

struct HostJudgement {
  Conclusion conclusion;
  std::optional<ResultType> result_type;
  std::vector<RecordState> states;  // per record of the host
  std::vector<EndpointJudgement> endpoints;

  bool operator==(const HostJudgement&) const = default;
};

struct Judgement {
  Conclusion conclusion;
  Severity severity = Severity::unknown;  // worst of the conclusion's and the findings'
  std::optional<Impact> impact;           // mail domains only
  std::string summary;                    // one line for a human
  std::vector<HostJudgement> hosts;
  std::vector<Finding> findings;  // worst first

  bool operator==(const Judgement&) const = default;
};

// Milliseconds; empty: the run did not come to it.
struct RunTimings {
  std::optional<double> dns;     // until it was known what to look at
  std::optional<double> verify;  // holding what was seen against the records

  bool operator==(const RunTimings&) const = default;
};

struct Report {
  Target target;
  SysTime at{};
  std::chrono::milliseconds duration{0};
  RunTimings timings;
  bool complete = true;  // false: the deadline or Ctrl-C ended the run early
  Policy policy;
  std::string trust_anchor;  // a path, or "built-in"
  DnsEvidence dns;
  std::vector<std::vector<TlsEvidence>> tls;
  std::vector<HostMatches> matches;
  Judgement judgement;

  bool operator==(const Report&) const = default;
};

}  // namespace danewatch

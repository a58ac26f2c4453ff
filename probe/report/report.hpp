// A Report: the evidence of one run, judged. The unit of everything downstream.
//
// Made by judge() alone and immutable once made. A tree: what is known of a host, a record or an endpoint stands at
// that host, record or endpoint, and there is as much of everything as its place promises. Thread rule: a value.
#pragma once

#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include "probe/evidence/evidence.hpp"
#include "probe/report/findings.hpp"
#include "probe/report/match.hpp"
#include "probe/report/policy.hpp"
#include "probe/report/verdict.hpp"

namespace danewatch {

struct RecordReport {
  TlsaRecord record;
  RecordState state = RecordState::unknown;
  std::optional<std::string> unusable;  // why no client may use it
  std::size_t place = 0;                // among the host's records

  bool operator==(const RecordReport&) const = default;
};

struct EndpointReport {
  TlsEvidence seen;
  ChainMatch match;  // empty where no chain was shown
  Conclusion conclusion;
  std::optional<ResultType> result_type;
  std::vector<Cell> cells;  // where this endpoint meets each record of the host: one for each of them
  std::size_t place = 0;    // among the host's endpoints

  bool operator==(const EndpointReport&) const = default;
};

// What the record is to the endpoint, both of one host.
inline Cell cell_of(const EndpointReport& endpoint, const RecordReport& record) {
  return endpoint.cells[record.place];
}

// A set of TLSA records that some name server gives and that is not the one which was proven: what would become of the
// host, as it is now, if senders went by that one.
struct OtherSet {
  std::vector<TlsaRecord> records;
  Conclusion conclusion;

  bool operator==(const OtherSet&) const = default;
};

struct HostReport {
  HostEvidence dns;
  Conclusion conclusion;
  std::optional<ResultType> result_type;
  std::vector<RecordReport> records;
  std::vector<EndpointReport> endpoints;
  std::vector<OtherSet> other_sets{};

  bool operator==(const HostReport&) const = default;
};

struct Report {
  Target target;
  SysTime at{};
  RunFacts run;
  Policy policy;
  DnsWalk walk;
  std::vector<HostReport> hosts;
  Conclusion conclusion;
  Severity severity = Severity::unknown;  // worst of the conclusion's and the findings'
  std::optional<Impact> impact;           // mail domains only
  std::string summary;                    // one line for a human
  std::vector<Finding> findings;          // worst first
  NameServers servers;
  std::optional<SendersSaw> senders;

  bool operator==(const Report&) const = default;
};

// The worst finding that somebody has to do something about; null: there is none.
inline const Finding* worst_finding(const Report& report) {
  const bool any = !report.findings.empty() && !is_good(report.findings.front().severity);
  return any ? &report.findings.front() : nullptr;
}

// What was seen at each endpoint of the host.
inline auto looks(const HostReport& host) {
  return host.endpoints | std::views::transform(&EndpointReport::seen);
}

}  // namespace danewatch

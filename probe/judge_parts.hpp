// The pieces judge() is made of; private to the judging files and their tests.
//
// Each is a pure function of evidence. Thread rule: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
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

// Where the walk through the DNS ended. `Located::dane` has no conclusion of its own.
std::optional<Conclusion> conclusion_of(Located located, bool complete);

// What the transport alone says; `none` where the handshake was finished and the chain decides.
std::optional<Conclusion> conclusion_of(const TlsEvidence& evidence, bool complete);

// Transport and match together, for a host where DANE applies.
Conclusion conclude_endpoint(const TlsEvidence& evidence, const MatchResult& match, bool complete);

// A tempfail or unknown part was not judged.
bool is_judged(const Conclusion& conclusion);

// The worst of the judged parts; if there is none, tempfail, then unknown.
Conclusion aggregate(std::span<const Conclusion> parts);

// The handshake showed certificates to compare (or that there are none).
bool was_observed(const TlsEvidence& evidence);

// What a no-SNI look shows is worth telling and decides nothing: every DANE client sends SNI (RFC 7671 3).
bool decides(const TlsEvidence& evidence);

// States of a host's records, parallel to host.tlsa. `cells` is endpoint x record.
std::vector<RecordState> record_states(const HostEvidence& host, std::span<const TlsEvidence> tls,
                                       std::span<const EndpointJudgement> endpoints, const HostMatches& matches,
                                       const Policy& policy);

// Something of the host was not looked at, so that a record without a match may still be in use.
bool all_observed(const HostEvidence& host, std::span<const TlsEvidence> tls, const Policy& policy);

std::optional<Impact> impact_of(const Report& report, const Judgement& judgement);

// Every finding, worst first, at most 50. The judgement's conclusion and hosts are filled in.
std::vector<Finding> find_all(const Report& report, const Judgement& judgement);

// One line for a human; the judgement's findings are filled in.
std::string summarize(const Report& report, const Judgement& judgement);

}  // namespace danewatch

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

// Where the walk through the DNS ended. `Located::dane` has no conclusion of its own.
std::optional<Conclusion> conclusion_of(Located located, bool complete);

// What the transport alone says; `none` where the handshake was finished and the chain decides.
std::optional<Conclusion> conclusion_of(const TlsEvidence& evidence, bool complete);

// Transport and match together, for a host where DANE applies.
Conclusion conclude_endpoint(const TlsEvidence& evidence, const MatchResult& match, bool complete);

// A tempfail or unknown part was not judged.
bool is_judged(const Conclusion& conclusion);

// The worst of the judged parts; if there is none, tempfail, then unknown (DESIGN 5, aggregation).
Conclusion aggregate(std::span<const Conclusion> parts);

// Reference identifiers of the host, primary first (RFC 7671 5.2.2); never empty.
std::vector<std::string> reference_names(const HostEvidence& host);

// The handshake showed certificates to compare (or that there are none).
bool was_observed(const TlsEvidence& evidence);

// What a no-SNI look shows is worth telling and decides nothing: every DANE client sends SNI (RFC 7671 3).
bool decides(const TlsEvidence& evidence);

// States of a host's records (DESIGN 5), in their order. Its endpoints are judged.
std::vector<RecordState> record_states(const HostReport& host, const Policy& policy);

// Hosts are judged.
std::optional<Impact> impact_of(const Report& report);

// Every finding, worst first, at most 50. The conclusion and the hosts are filled in.
std::vector<Finding> find_all(const Report& report);

// Why nobody looked.
Finding not_looked_finding(const Target& target, const NotLooked& why);

// One line for a human; the findings are filled in.
std::string summarize(const Report& report);

}  // namespace danewatch

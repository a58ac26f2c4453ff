// Inner: the pieces judge() is made of.
//
// Each is a pure function of evidence. Thread rule: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probe/evidence/predicates.hpp"
#include "probe/evidence/server_sets.hpp"
#include "probe/findings/all.hpp"
#include "probe/judgement/lateness.hpp"
#include "probe/judgement/record_state.hpp"
#include "probe/judgement/summary.hpp"
#include "probe/report/conclusion.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

// Transport and match together, for a host where DANE applies.
Conclusion conclude_endpoint(const TlsEvidence& evidence, const ChainMatch& match, bool complete);

// A tempfail or unknown part was not judged.
bool is_judged(const Conclusion& conclusion);

// The worst of the judged parts; if there is none, tempfail, then unknown.
Conclusion aggregate(std::span<const Conclusion> parts);

// Hosts are judged.
std::optional<Impact> impact_of(const Report& report);

// Why nobody looked.
Finding not_looked_finding(const Target& target, const NotLooked& why);

}  // namespace danewatch

// What one fact alone says: the end of the walk through the DNS, or what the transport came to.
//
// Never compares a certificate with a record. Thread rule: pure functions.
#pragma once

#include <optional>

#include "probe/evidence/tls_evidence.hpp"
#include "probe/report/verdict.hpp"
#include "resolver/walk/dns_evidence.hpp"

namespace danewatch {

// Where the walk through the DNS ended. `Located::dane` has no conclusion of its own.
std::optional<Conclusion> conclusion_of(Located located, bool complete);

// What the transport alone says; `none` where the handshake was finished and the chain decides.
std::optional<Conclusion> conclusion_of(const TlsEvidence& evidence, bool complete);

}  // namespace danewatch

// What a look came to, in short: the questions that observing, judging and telling share.
//
// Never a verdict. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"
#include "resolver/walk/dns_evidence.hpp"

namespace danewatch {

// The handshake came to its end, or to where only we turned away.
bool is_finished(const TlsEvidence& evidence);

// The handshake showed certificates to compare (or that there are none).
bool was_observed(const TlsEvidence& evidence);

// What a no-SNI look shows is worth telling and decides nothing: every DANE client sends SNI (RFC 7671 3).
bool decides(const TlsEvidence& evidence);

// What mail servers try again later: no connection, one that broke, or a reply that asks for it.
bool is_temporary(Fault fault);

// Reference identifiers of the host, primary first (RFC 7671 5.2.2); never empty.
std::vector<std::string> reference_names(const HostEvidence& host);

}  // namespace danewatch

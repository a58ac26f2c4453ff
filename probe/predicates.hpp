// What a look at an endpoint came to, as yes or no: the questions that observing, judging and telling share.
//
// Never a verdict. Thread rule: pure functions.
#pragma once

#include "probe/tls_evidence.hpp"

namespace danewatch {

// The handshake came to its end, or to where only we turned away.
bool is_finished(const TlsEvidence& evidence);

// The handshake showed certificates to compare (or that there are none).
bool was_observed(const TlsEvidence& evidence);

// What a no-SNI look shows is worth telling and decides nothing: every DANE client sends SNI (RFC 7671 3).
bool decides(const TlsEvidence& evidence);

// What mail servers try again later: no connection, one that broke, or a reply that asks for it.
bool is_temporary(Fault fault);

}  // namespace danewatch

// What a look came to, in short: the questions that observing, judging and telling share.
//
// Never a verdict. Thread rule: pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
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

// More connections to the address were made, with the very offer of the first; of its looks, the default view first.
bool was_seen_again(std::span<const TlsEvidence> address);

// A reply that a firewall wrote over: "250-XXXXXXXA", "220 ****************".
bool is_written_over(std::string_view reply);

// Which offer of signatures its key answers; nothing where it is of another kind.
std::optional<View> key_family(const Certificate& certificate);

// What mail servers try again later: no connection, one that broke, or a reply that asks for it.
bool is_temporary(Fault fault);

// Reference identifiers of the host, primary first (RFC 7671 5.2.2); never empty.
std::vector<std::string> reference_names(const HostEvidence& host);

}  // namespace danewatch

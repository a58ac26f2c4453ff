// A TLSA record as people have it at hand: from a zone file, from what dig, unbound-host or nsupdate print.
//
// Never takes a second record for the first one's data. Thread rule: a pure function.
#pragma once

#include <string>
#include <string_view>

#include "resolver/dns/tlsa.hpp"

namespace danewatch {

// "3 1 1 HEX" as parse_tlsa() has it, and around it: owner, TTL, class and type (TLSA, or TYPE52 of RFC 3597),
// parentheses over several lines, `;` comments, quotes, colons between octets, and "has TLSA record … (secure)". Other
// lines of an answer (its RRSIG, the alias that led there) are passed over. The owner is left empty; an error's message
// says where it is.
Parsed<TlsaRecord> parse_tlsa_line(std::string_view text);

// "DANE-EE SPKI SHA2-256" (RFC 7218 2); a number without an acronym stays one.
std::string acronyms_of(const TlsaRecord& record);

}  // namespace danewatch

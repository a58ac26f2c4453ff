// TLSA records (RFC 6698) as values, and the rules that need no cryptography.
//
// Never decides whether a record matches a certificate (probe/openssl/matcher.hpp does) and
// never throws on hostile data. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

struct TlsaRecord {
  std::string owner;  // where it was found, without trailing dot: "_25._tcp.mx.example.org"
  std::uint8_t usage = 0;
  std::uint8_t selector = 0;
  std::uint8_t matching_type = 0;
  std::vector<std::uint8_t> data;
  bool truncated = false;  // RDATA shorter than 3 octets; then the numbers mean nothing and data is the RDATA

  bool operator==(const TlsaRecord&) const = default;
};

// RDATA as it is on the wire (RFC 6698 2.1). Never fails: short RDATA becomes a truncated record,
// because one malformed record must not hide the others (RFC 6698 4.1).
TlsaRecord tlsa_from_rdata(std::string owner, std::span<const std::uint8_t> rdata);

// Presentation format: "3 1 1 HEX", the hex in any case and with spaces, "DANE-EE SPKI SHA2-256 HEX" (RFC 7218 2), or
// the generic form "\# 35 HEX" (RFC 6698 2.2, RFC 3597 5). The owner is left empty.
Parsed<TlsaRecord> parse_tlsa(std::string_view text);

bool is_tlsa_acronym(std::string_view word);  // of RFC 7218 2, in any case

// Why no client may use this record, by its numbers and length alone (RFC 6698 4.1, RFC 7671 9):
// unknown usage, selector or matching type, wrong digest length, empty data, truncated.
// Empty means usable so far: a Full(0) record may still hold broken DER, which the matcher tells.
std::optional<std::string> unusable_reason(const TlsaRecord& record);

// "3 1 1"
std::string numbers_of(const TlsaRecord& record);

// The first octets of the data in hex: enough to recognise a digest. Short: there are no more.
std::string start_of(const TlsaRecord& record);
bool is_short(const TlsaRecord& record);

// "3 1 1 2bb8…" with all of the data in lower-case hex; truncated: "\# 2 0301".
std::string to_text(const TlsaRecord& record);

// The line of a zone file: "_25._tcp.mx.example.org. IN TLSA 3 1 1 2bb8…".
std::string to_zone_line(const TlsaRecord& record);

// Same usage, selector, matching type and data, whatever the owner.
bool same_association(const TlsaRecord& left, const TlsaRecord& right);

std::string to_hex(std::span<const std::uint8_t> bytes);            // lower case, no separators
Parsed<std::vector<std::uint8_t>> from_hex(std::string_view text);  // white space allowed

}  // namespace danewatch

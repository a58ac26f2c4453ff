// TLSA RDATA as a name server may send it.
#include "resolver/dns/tlsa.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const TlsaRecord record = tlsa_from_rdata("_25._tcp.mx.example.org", input);
  fuzz::require(record.truncated == (input.size() < 3), "exactly RDATA below three octets is truncated");
  fuzz::require(record.data.size() == input.size() - (record.truncated ? 0 : 3), "no octet is lost");
  if (record.truncated) {
    fuzz::require(unusable_reason(record).has_value(), "a truncated record is unusable");
    return;
  }
  fuzz::require(record.usage == input[0] && record.selector == input[1] && record.matching_type == input[2],
                "the numbers are the first three octets");
  const bool digest_fits = (record.matching_type == 1 && record.data.size() == 32) ||
                           (record.matching_type == 2 && record.data.size() == 64) ||
                           (record.matching_type == 0 && !record.data.empty());
  fuzz::require(unusable_reason(record).has_value() == !(record.usage <= 3 && record.selector <= 1 && digest_fits),
                "usable means known numbers and a fitting length (RFC 6698 4.1)");
  if (record.data.empty()) return;
  const auto again = parse_tlsa(to_text(record));
  fuzz::require(again.has_value() && same_association(*again, record), "the text form reads back as the same record");
}

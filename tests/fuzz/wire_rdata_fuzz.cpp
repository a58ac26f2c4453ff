// RDATA of the types danewatch reads and of some that it does not. The first two octets are the type.
#include "resolver/wire/wire.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  if (input.size() < 2) return;
  const auto type = static_cast<RrType>(input[0] << 8 | input[1]);
  const auto octets = input.subspan(2);
  const Rdata rdata = wire::read_rdata(type, "_25._tcp.mx.example.org", octets);
  for (const char c : rdata.text) fuzz::require(c >= ' ' && c < 0x7f, "the presentation form is printable ASCII");
  if (rdata.malformed) fuzz::require(rdata.value.index() == 0, "what does not parse has no value");
  if (type == RrType::a) fuzz::require(rdata.malformed == (octets.size() != 4), "an A record has 4 octets");
  if (type == RrType::aaaa) fuzz::require(rdata.malformed == (octets.size() != 16), "an AAAA record has 16 octets");
  if (type == RrType::tlsa) {
    const auto* record = std::get_if<TlsaRecord>(&rdata.value);
    fuzz::require(record != nullptr && !rdata.malformed, "TLSA always becomes a record");
    fuzz::require(*record == tlsa_from_rdata("_25._tcp.mx.example.org", octets), "no octet of it is lost");
  }
}

// TLSA records as an operator writes them.
#include "resolver/dns/tlsa_line.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const auto line = parse_tlsa_line(fuzz::as_text(input));
  if (!line) fuzz::require_sound(line.error(), input.size());
  const auto record = parse_tlsa(fuzz::as_text(input));
  if (!record) return fuzz::require_sound(record.error(), input.size());
  const auto again = parse_tlsa(to_text(*record));
  fuzz::require(again.has_value() && *again == *record, "what was read is written and read again without change");
}

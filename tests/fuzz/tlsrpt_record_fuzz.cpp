// The TXT record that asks for TLS reports: addresses are whole and printable, errors have a place.
#include "probe/judgement/tlsrpt_record.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const std::string octets = txt_octets(fuzz::as_text(input));
  fuzz::require(octets.size() <= input.size(), "octets are not more than what they are written with");
  for (const std::string_view text : {std::string_view(octets), fuzz::as_text(input)}) {
    const auto places = parse_tlsrpt_record(text);
    if (!places) {
      fuzz::require_sound(places.error(), text.size());
      continue;
    }
    fuzz::require(!places->empty(), "a good record names an address");
    for (const std::string& place : *places) {
      for (const char c : place) fuzz::require(c > ' ' && c <= '~', "an address is printable");
    }
  }
}

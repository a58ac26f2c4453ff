// Addresses as text and as RDATA.
#include "resolver/dns/address.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

static void require_round_trip(const Address& address) {
  const auto again = parse_address(to_string(address));
  fuzz::require(again.has_value() && *again == address, "the canonical text reads back as the same address");
  const std::string bracketed = to_bracketed(address);
  fuzz::require((bracketed.front() == '[') == address.v6, "exactly IPv6 gets brackets");
  (void)is_global(address);
}

FUZZ(input) {
  const auto from_text = parse_address(fuzz::as_text(input));
  if (from_text) require_round_trip(*from_text);
  if (!from_text) fuzz::require_sound(from_text.error(), input.size());

  const auto from_rdata = address_from_rdata(input);
  fuzz::require(from_rdata.has_value() == (input.size() == 4 || input.size() == 16), "A has 4 octets, AAAA 16");
  if (from_rdata) require_round_trip(*from_rdata);
}

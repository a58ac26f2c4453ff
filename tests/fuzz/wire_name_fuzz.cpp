// Names in messages: labels, escapes, compression.
#include "resolver/wire/wire.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

static void require_canonical(const std::string& name) {
  for (const char c : name) {
    fuzz::require(c > ' ' && c < 0x7f && !(c >= 'A' && c <= 'Z'), "a name is printable lower-case ASCII");
  }
  const auto again = wire::canonical_name(name);
  fuzz::require(again.has_value() && *again == name, "a canonical name is its own canonical form");
}

FUZZ(input) {
  const auto plain = wire::read_name(input);
  if (plain) {
    fuzz::require(plain->length <= input.size() && plain->length <= 255,
                  "a name ends inside the input (RFC 1035 2.3.4)");
    require_canonical(plain->name);
  }
  for (std::size_t offset = 0; offset < input.size() && offset < 64; ++offset) {
    const auto compressed = wire::read_name(input, offset);
    if (!compressed) continue;
    fuzz::require(offset + compressed->length <= input.size(), "a compressed name ends inside the message");
    require_canonical(compressed->name);
  }
  const auto text = wire::canonical_name(fuzz::as_text(input));
  if (text) require_canonical(*text);
}

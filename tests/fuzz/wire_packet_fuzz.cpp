// Answer messages: alias chains, TTLs, signatures, denials. The first octet chooses the question's type and whether
// signatures count.
#include "resolver/wire/wire.hpp"

#include <array>

#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  if (input.empty()) return;
  constexpr std::array types{RrType::mx,  RrType::a,     RrType::aaaa,  RrType::tlsa,
                             RrType::srv, RrType::cname, RrType::dnskey};
  const Question question{"example.org", types[input[0] % types.size()]};
  wire::ReadOptions options;
  options.status = input[0] & 0x80U ? Status::insecure : Status::secure;
  options.now = SysTime(std::chrono::seconds(1'700'000'000));

  const auto facts = wire::read_packet(input.subspan(1), question, options);
  if (!facts) return fuzz::require_sound(facts.error(), input.size() - 1);
  fuzz::require(facts->aliases.size() < 64, "an alias chain is bounded");
  for (const Alias& alias : facts->aliases) fuzz::require(alias.from != alias.to, "an alias leads elsewhere");
  const std::string& end = facts->aliases.empty() ? question.name : facts->aliases.back().to;
  fuzz::require(facts->canonical_name == end, "the canonical name is where the aliases end");
  if (options.status == Status::insecure) {
    fuzz::require(!facts->rrsig_expires && !facts->wildcard, "in an insecure answer signatures prove nothing");
  }
  if (facts->ttl && facts->original_ttl) {
    fuzz::require(*facts->ttl <= *facts->original_ttl, "the TTL in force is at most the signed one (RFC 4035 5.3.3)");
  }
}

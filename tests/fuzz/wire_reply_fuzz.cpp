// Replies of single name servers: what is read of them, and their signatures held against keys. The first octet chooses
// the question's type.
#include "resolver/wire/reply.hpp"

#include <array>

#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  if (input.empty()) return;
  constexpr std::array types{RrType::tlsa, RrType::soa, RrType::ns, RrType::mx, RrType::a};
  const Question question{"example.org", types[input[0] % types.size()]};
  const auto message = input.subspan(1);
  const std::vector<std::string> keys{
      "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="};

  const auto reply = wire::read_reply(message, question);
  if (!reply) {
    fuzz::require_sound(reply.error(), message.size());
  } else {
    fuzz::require(reply->data.size() <= 256 && reply->delegation.size() <= 32 && reply->glue.size() <= 64,
                  "what is kept is bounded");
    fuzz::require(reply->nsid.size() <= 128, "a server's own name is bounded");
    fuzz::require(question.type != RrType::soa || reply->data.empty(), "of a SOA record its serial alone is kept");
  }
  const SysTime now(std::chrono::seconds(1'700'000'000));
  const auto sets = wire::check_signatures(message, "example.org", keys, now);
  fuzz::require(sets.size() <= 16, "so many sets are checked, and no more");
  for (const SignedSet& set : sets) {
    const bool below = set.owner == "example.org" || set.owner.ends_with(".example.org");
    fuzz::require(below, "only what lies in the zone is checked by its keys");
    fuzz::require(set.check != SignatureCheck::right, "nobody guesses a signature");
  }
  const auto asked = wire::write_question(7, question, false);
  fuzz::require(asked.has_value(), "this question can be asked");
  if (wire::is_reply_to(message, *asked)) fuzz::require(message.size() >= 12, "a reply has a header");
}

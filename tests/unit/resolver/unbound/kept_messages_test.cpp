// A message that was kept says all that the answer says, and proves it: libunbound's word can be checked without it.
#include <gtest/gtest.h>

#include "resolver/unbound/resolver.hpp"
#include "resolver/unbound/trust_anchor.hpp"
#include "resolver/wire/proofs.hpp"
#include "resolver/wire/wire.hpp"
#include "tests/support/ask.hpp"
#include "tests/support/signed_world.hpp"

namespace danewatch {
namespace {

constexpr auto records =
    "@ 600 IN MX 10 MX\n@ IN SRV 1 2 443 mx\nmx IN A 192.0.2.1\nmx IN AAAA 2001:db8::1\n"
    "_25._tcp.mx 300 IN TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000\n"
    "_25._tcp.short IN TYPE52 \\# 2 0301\n*.wild IN A 192.0.2.7\nalias 50 IN CNAME mx\nold 77 IN DNAME good.lab.\n";

zones::ZoneSpec zone(std::string name) {
  zones::ZoneSpec spec;
  spec.origin = std::move(name);
  spec.text = records;
  return spec;
}

// What a resolver says of a small world, with its messages.
struct Kept {
  SignedWorld world;
  boost::asio::io_context io;
  ResolverOptions options;
  std::vector<Answer> answers;
  std::vector<Answer> proofs;

  Kept() {
    world.add(zone("good.lab"));
    auto hashed = zone("hashed.lab");
    hashed.nsec3_iterations = 0;
    world.add(hashed);
    auto expired = zone("expired.lab");
    expired.expiration = from_now(std::chrono::hours(-1));
    world.add(expired);
    auto plain = zone("unsigned.lab");
    plain.unsigned_zone = true;
    world.add(plain, false);
    options = world.build();
    options.keep_messages = true;
    UnboundResolver resolver(io.get_executor(), options);
    using enum RrType;
    for (const char* end : {"good.lab", "hashed.lab", "expired.lab", "unsigned.lab"}) {
      const std::string name = end;
      for (const Question& question : std::vector<Question>{{name, mx},
                                                            {name, srv},
                                                            {name, ns},
                                                            {name, soa},
                                                            {"mx." + name, a},
                                                            {"mx." + name, aaaa},
                                                            {"mx." + name, mx},
                                                            {"_25._tcp.mx." + name, tlsa},
                                                            {"_25._tcp.short." + name, tlsa},
                                                            {"x.y.wild." + name, a},
                                                            {"alias." + name, a},
                                                            {"alias." + name, cname},
                                                            {"mx.old." + name, a},
                                                            {"nobody." + name, a},
                                                            {"a.b.nobody." + name, tlsa},
                                                            {"_tcp.mx." + name, tlsa},
                                                            {"mx.wild." + name, aaaa},
                                                            {name, ds},
                                                            {name, dnskey}}) {
        answers.push_back(ask(io, resolver, question));
      }
    }
    for (const char* name : {".", "lab", "good.lab", "hashed.lab"}) {
      proofs.push_back(ask(io, resolver, {name, dnskey}));
      if (std::string(name) != ".") proofs.push_back(ask(io, resolver, {name, ds}));
    }
  }

  wire::KeyChain keys() const {
    wire::KeyChain chain(find_trust_anchor(options.trust_anchor).records);
    chain.learn(proofs);
    return chain;
  }
};

TEST(KeptMessages, SayAllThatTheAnswerSays) {
  const Kept kept;
  std::size_t read = 0;
  for (const Answer& answer : kept.answers) {
    if (answer.status == Status::failed) continue;
    ASSERT_TRUE(answer.received) << answer.question.name;
    auto again = wire::read_answer(answer.question, answer.status, *answer.received);
    ASSERT_TRUE(again) << answer.question.name << again.error().message;
    again->why_bogus = answer.why_bogus;
    EXPECT_EQ(*again, answer) << answer.question.name << " " << to_string(answer.question.type);
    ++read;
  }
  EXPECT_GT(read, 40U);
}

TEST(KeptMessages, ProveEverySecureAnswerAndNoOther) {
  const Kept kept;
  const wire::KeyChain keys = kept.keys();
  for (const Answer& answer : kept.answers) {
    const std::string why = keys.why_not(answer);
    EXPECT_EQ(answer.status == Status::secure, why.empty())
        << answer.question.name << " " << to_string(answer.question.type) << ": " << why;
  }
}

TEST(KeptMessages, ProveNothingUnderAnotherAnchor) {
  const Kept kept;
  wire::KeyChain keys(std::vector<std::string>{". IN DS 20326 8 2 " + std::string(64, 'A')});
  keys.learn(kept.proofs);
  for (const Answer& answer : kept.answers) EXPECT_FALSE(keys.why_not(answer).empty());
}

// Whatever octet is another: what still counts as proven says the same, or nothing (a proven absence authenticates
// nobody).
TEST(KeptMessages, ThatWereAlteredProveNothingElse) {
  const Kept kept;
  const wire::KeyChain keys = kept.keys();
  for (const Answer& answer : kept.answers) {
    const bool data = answer.status == Status::secure && !answer.data.empty();
    if (!data || answer.question.type == RrType::ds || answer.question.type == RrType::dnskey) continue;
    for (std::size_t at = 0; at < answer.received->packet.size(); ++at) {
      Received altered = *answer.received;
      altered.packet[at] ^= 0x01;
      const auto read = wire::read_answer(answer.question, Status::secure, altered);
      if (!read || !keys.why_not(*read).empty() || read->data.empty()) continue;
      EXPECT_EQ(read->data, answer.data) << answer.question.name << " octet " << at;
      EXPECT_EQ(read->canonical_name, answer.canonical_name) << answer.question.name << " octet " << at;
    }
  }
}

// A message that proves its own answer proves no other: neither other data, nor that there is none.
TEST(KeptMessages, ThatAnsweredAnotherQuestionProveNothingElse) {
  const Kept kept;
  const wire::KeyChain keys = kept.keys();
  std::size_t still_proven = 0;
  for (const Answer& answer : kept.answers) {
    if (answer.status != Status::secure) continue;
    for (const Answer& other : kept.answers) {
      if (!other.received) continue;
      const auto read = wire::read_answer(answer.question, Status::secure, *other.received);
      if (!read || !keys.why_not(*read).empty()) continue;
      ++still_proven;
      EXPECT_EQ(read->data, answer.data) << answer.question.name << " " << to_string(answer.question.type) << " by "
                                         << other.question.name << " " << to_string(other.question.type);
    }
  }
  EXPECT_GT(still_proven, 30U) << "each by its own";
}

}  // namespace
}  // namespace danewatch

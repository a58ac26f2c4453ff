// What one name server replied: read, and its signatures held against the keys of its zone.
#include "resolver/wire/reply.hpp"

#include <gmock/gmock.h>

#include <random>
#include <sstream>

#include "tests/support/dns_message.hpp"
#include "tests/support/zone_signer.hpp"

namespace danewatch::wire {
namespace {

using test::edns_option;
using test::reply_to;
using test::ReplySpec;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Octets = std::vector<std::uint8_t>;

constexpr SysTime now{std::chrono::seconds{1800000000}};
const Question tlsa{"_25._tcp.mx.example.lab", RrType::tlsa};

Octets question_for(const Question& question, std::uint16_t id = 7) {
  return write_question(id, question, false).value();
}

Reply read(const Question& question, const ReplySpec& spec) {
  return read_reply(reply_to(question_for(question), spec), question).value();
}

// A signed zone as lines, and what a name server would send of it.
struct World {
  explicit World(zones::ZoneSpec spec = {}) {
    spec.origin = "example.lab";
    if (spec.text.empty()) spec.text = "$TTL 300\n@ NS ns1\n_25._tcp.mx TLSA 3 1 1 aabb\n*.wild TLSA 3 1 1 ccdd\n";
    if (!spec.key) spec.key = zones::make_zone_key();
    signed_zone = zones::sign_zone(spec);
    const std::string& key = signed_zone.dnskey_records.front();
    keys = {key.substr(key.find("DNSKEY") + 7)};
  }

  std::vector<std::string> lines(const std::string& owner, const std::string& type) const {
    std::vector<std::string> found;
    std::istringstream text(signed_zone.text);
    for (std::string line; std::getline(text, line);) {
      std::istringstream words(line);
      std::string name, ttl, in, of, covered;
      words >> name >> ttl >> in >> of >> covered;
      if (name == owner + "." && (of == type || (of == "RRSIG" && covered == type))) found.push_back(line);
    }
    return found;
  }

  std::vector<SignedSet> check(const ReplySpec& spec) const {
    return check_signatures(reply_to(question_for(tlsa), spec), "example.lab", keys, now);
  }

  zones::SignedZone signed_zone;
  std::vector<std::string> keys;
};

TEST(QuestionToAServer, AsksForSignaturesAndForTheNameOfTheServer) {
  const Octets octets = question_for({"a.lab", RrType::soa}, 0x1234);
  const Octets expected{0x12, 0x34, 0, 0, 0, 1, 0,  0, 0,    0, 0, 1,    1, 'a', 3, 'l', 'a', 'b', 0,
                        0,    6,    0, 1, 0, 0, 41, 4, 0xd0, 0, 0, 0x80, 0, 0,   4, 0,   3,   0,   0};
  EXPECT_EQ(octets, expected);
  EXPECT_EQ(write_question(0x1234, {"a.lab", RrType::soa}, true).value()[2], 1) << "recursion desired";
  EXPECT_FALSE(write_question(1, {std::string(300, 'a'), RrType::soa}, false));
}

TEST(ReplyToAQuestion, NeedsTheSameNumberNameAndType) {
  const Octets question = question_for(tlsa, 7);
  const Octets reply = reply_to(question, {});
  EXPECT_TRUE(is_reply_to(reply, question));
  EXPECT_FALSE(is_reply_to(question, question)) << "a question is no reply";
  EXPECT_FALSE(is_reply_to(reply, question_for(tlsa, 8)));
  EXPECT_FALSE(is_reply_to(reply, question_for({tlsa.name, RrType::soa}, 7)));
  EXPECT_FALSE(is_reply_to(reply, question_for({"_25._tcp.my.example.lab", RrType::tlsa}, 7)));
  EXPECT_FALSE(is_reply_to(Octets(11), question));
  Octets bare(reply.begin(), reply.begin() + 12);
  bare[5] = 0;
  EXPECT_FALSE(is_reply_to(bare, question)) << "no error, and no question";
  bare[3] = 5;
  EXPECT_TRUE(is_reply_to(bare, question)) << "REFUSED without the question";
}

TEST(ReplyOfAServer, HasDataSerialAndWhoItIs) {
  ReplySpec spec{{"_25._tcp.mx.example.lab. 60 IN TLSA 3 1 1 aabb", "_25._tcp.mx.example.lab. 60 IN TLSA 3 1 1 ccdd"}};
  spec.options = edns_option(3, "node7");
  const Octets error = edns_option(15, std::string("\0\x12stale", 7));
  spec.options.insert(spec.options.end(), error.begin(), error.end());
  const Reply reply = read(tlsa, spec);
  EXPECT_TRUE(reply.authoritative);
  ASSERT_EQ(reply.data.size(), 2U);
  EXPECT_EQ(reply.data[0].text, "3 1 1 aabb");
  EXPECT_EQ(reply.ttl, 60U);
  EXPECT_EQ(reply.nsid, "node7");
  EXPECT_EQ(reply.extended_error, (ExtendedError{18, "stale"}));

  const Question soa{"example.lab", RrType::soa};
  const ReplySpec start{{"example.lab. 60 IN SOA ns1.example.lab. host.example.lab. 4294967295 1 2 3 4"}};
  EXPECT_EQ(read(soa, start).serial, 4294967295U);
  EXPECT_THAT(read(soa, start).data, IsEmpty());
}

TEST(ReplyOfAServer, TheUpperBitsOfTheRcodeAreInTheOptRecord) {
  ReplySpec spec;
  spec.rcode = 16;
  spec.options = edns_option(3, "");
  EXPECT_EQ(read(tlsa, spec).rcode, 16);
}

TEST(ReplyOfAServer, AReferralNamesServersAndTheirAddresses) {
  ReplySpec spec;
  spec.authoritative = false;
  spec.authority = {"example.lab. 60 IN NS ns1.example.lab.", "example.lab. 60 IN NS ns2.example.net.",
                    "other.lab. 60 IN NS evil.example.net."};
  spec.additional = {"ns1.example.lab. 60 IN A 11.0.0.1", "evil.example.net. 60 IN A 11.0.0.9",
                     "ns1.example.lab. 60 IN AAAA 2a00:1::1"};
  const Reply reply = read({"example.lab", RrType::ns}, spec);
  EXPECT_FALSE(reply.authoritative);
  EXPECT_THAT(reply.delegation, ElementsAre("ns1.example.lab", "ns2.example.net"));
  EXPECT_THAT(reply.glue, ElementsAre(Glue{"ns1.example.lab", parse_address("11.0.0.1").value()},
                                      Glue{"ns1.example.lab", parse_address("2a00:1::1").value()}));
}

TEST(ReplyOfAServer, AnAliasIsNotTheAnswer) {
  const ReplySpec spec{
      {"_25._tcp.mx.example.lab. 60 IN CNAME tlsa.example.net.", "tlsa.example.net. 60 IN TLSA 3 1 1 aa"}};
  const Reply reply = read(tlsa, spec);
  EXPECT_EQ(reply.alias, "tlsa.example.net");
  EXPECT_THAT(reply.data, IsEmpty());
}

TEST(ReplyOfAServer, RandomOctetsAreReadInBounds) {
  std::mt19937 random(1);
  const Octets whole = reply_to(question_for(tlsa), {{"_25._tcp.mx.example.lab. 60 IN TLSA 3 1 1 aabb"}});
  for (int i = 0; i < 3000; ++i) {
    Octets octets = whole;
    for (int n = 0; n < 4; ++n) octets[random() % octets.size()] = static_cast<std::uint8_t>(random());
    octets.resize(random() % (octets.size() + 1));
    static_cast<void>(read_reply(octets, tlsa));
    static_cast<void>(check_signatures(octets, "example.lab", {}, now));
  }
}

TEST(SignaturesOfAReply, AreCheckedByTheKeysOfTheZone) {
  const World world;
  const auto sets = world.check({world.lines(tlsa.name, "TLSA")});
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].owner, tlsa.name);
  EXPECT_EQ(sets[0].type, RrType::tlsa);
  EXPECT_EQ(sets[0].check, SignatureCheck::right);
  EXPECT_EQ(sets[0].expires, SysTime(std::chrono::seconds(2145916800)));
}

TEST(SignaturesOfAReply, ADenialIsSignedSetBySet) {
  const World world;
  ReplySpec spec;
  spec.authority = world.lines("example.lab", "SOA");
  for (const std::string& line : world.lines(tlsa.name, "NSEC")) spec.authority.push_back(line);
  const auto sets = world.check(spec);
  ASSERT_EQ(sets.size(), 2U);
  for (const SignedSet& set : sets) EXPECT_EQ(set.check, SignatureCheck::right);
}

TEST(SignaturesOfAReply, ARightSignatureStaysRightWhenItsTimeIsOver) {
  zones::ZoneSpec old;
  old.inception = SysTime(std::chrono::seconds(1577836800));
  old.expiration = SysTime(std::chrono::seconds(1609459200));
  const World world(old);
  const auto sets = world.check({world.lines(tlsa.name, "TLSA")});
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets[0].check, SignatureCheck::right);
  EXPECT_LT(*sets[0].expires, now);
}

TEST(SignaturesOfAReply, OtherDataOtherKeysAndNoneAreToldApart) {
  const World world;
  std::vector<std::string> lines = world.lines(tlsa.name, "TLSA");
  for (std::string& line : lines) {
    if (const auto at = line.find("aabb"); at != std::string::npos) line.replace(at, 4, "aabc");
  }
  EXPECT_EQ(world.check({lines}).at(0).check, SignatureCheck::wrong);
  const World other;
  EXPECT_EQ(world.check({other.lines(tlsa.name, "TLSA")}).at(0).check, SignatureCheck::no_key);
  std::erase_if(lines, [](const std::string& line) { return line.find("RRSIG") != std::string::npos; });
  EXPECT_EQ(world.check({lines}).at(0).check, SignatureCheck::missing);
  World unproven;
  unproven.keys.clear();
  EXPECT_EQ(unproven.check({unproven.lines(tlsa.name, "TLSA")}).at(0).check, SignatureCheck::unchecked);
}

TEST(SignaturesOfAReply, AnAnswerMadeFromAWildcardIsRight) {
  const World world;
  std::vector<std::string> lines = world.lines("*.wild.example.lab", "TLSA");
  ASSERT_EQ(lines.size(), 2U);
  for (std::string& line : lines) line.replace(0, 1, "a");
  EXPECT_EQ(world.check({lines}).at(0).check, SignatureCheck::right);
}

}  // namespace
}  // namespace danewatch::wire

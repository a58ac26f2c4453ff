#include <gmock/gmock.h>

#include <random>

#include "resolver/wire/wire.hpp"

namespace danewatch::wire {
namespace {
using Octets = std::vector<std::uint8_t>;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr SysTime now{1800000000s};

void put16(Octets& to, std::size_t value) {
  to.push_back(static_cast<std::uint8_t>(value >> 8));
  to.push_back(static_cast<std::uint8_t>(value));
}

void put32(Octets& to, std::int64_t value) {
  put16(to, static_cast<std::size_t>(value) >> 16);
  put16(to, static_cast<std::size_t>(value));
}

Octets name(std::string_view text) {
  Octets wire;
  while (!text.empty() && text != ".") {
    const auto label = text.substr(0, text.find('.'));
    wire.push_back(static_cast<std::uint8_t>(label.size()));
    wire.insert(wire.end(), label.begin(), label.end());
    text.remove_prefix(std::min(label.size() + 1, text.size()));
  }
  wire.push_back(0);
  return wire;
}

constexpr unsigned rrsig = 46;
constexpr unsigned nsec = 47;
unsigned code(RrType type) {
  return static_cast<unsigned>(type);
}

Octets signature(unsigned covers, std::uint32_t original_ttl, SysTime inception, SysTime expires,
                 std::string_view signer = "lab") {
  Octets rdata;
  put16(rdata, covers);
  put16(rdata, 13 << 8 | 2);
  put32(rdata, original_ttl);
  put32(rdata, expires.time_since_epoch().count());
  put32(rdata, inception.time_since_epoch().count());
  put16(rdata, 4711);
  for (const auto octet : name(signer)) rdata.push_back(octet);
  rdata.insert(rdata.end(), 64, 0xEE);
  return rdata;
}

Octets soa(std::uint32_t minimum) {
  Octets rdata = name("ns.lab");
  rdata.push_back(0);
  for (const auto value : {1U, 3600U, 900U, 86400U, minimum}) put32(rdata, value);
  return rdata;
}

// Writes a message record by record; names are not compressed.
class Packet {
 public:
  explicit Packet(Question question, int rcode = 0, unsigned flags = 0x81) : question_(std::move(question)) {
    bytes_ = {0, 0, static_cast<std::uint8_t>(flags), static_cast<std::uint8_t>(0x80 | rcode), 0, 1, 0, 0, 0, 0, 0, 0};
    for (const auto octet : name(question_.name)) bytes_.push_back(octet);
    put16(bytes_, code(question_.type));
    put16(bytes_, 1);
  }
  Packet& answer(std::string_view owner, unsigned type, std::uint32_t ttl, const Octets& rdata, unsigned rr_class = 1) {
    return put(7, owner, type, ttl, rdata, rr_class);
  }
  Packet& authority(std::string_view owner, unsigned type, std::uint32_t ttl, const Octets& rdata) {
    return put(9, owner, type, ttl, rdata, 1);
  }
  // A record with a signature that is good from an hour ago for a day.
  Packet& proven(std::string_view owner, RrType type, std::uint32_t ttl, const Octets& rdata) {
    answer(owner, code(type), ttl, rdata);
    return answer(owner, rrsig, ttl, signature(code(type), ttl, now - 1h, now + 24h));
  }
  const Octets& bytes() const { return bytes_; }
  PacketFacts read(Status status = Status::secure, std::uint32_t cap = UINT32_MAX) const {
    const auto facts = read_packet(bytes_, question_, {status, now, cap});
    EXPECT_TRUE(facts) << facts.error().message;
    return facts.value_or(PacketFacts{});
  }
  bool readable() const { return read_packet(bytes_, question_, {Status::secure, now}).has_value(); }

 private:
  Packet& put(std::size_t counter, std::string_view owner, unsigned type, std::uint32_t ttl, const Octets& rdata,
              unsigned rr_class) {
    ++bytes_[counter];
    for (const auto octet : name(owner)) bytes_.push_back(octet);
    put16(bytes_, type);
    put16(bytes_, rr_class);
    put32(bytes_, ttl);
    put16(bytes_, rdata.size());
    bytes_.insert(bytes_.end(), rdata.begin(), rdata.end());
    return *this;
  }

  Question question_;
  Octets bytes_;
};

const Octets address{192, 0, 2, 1};
const Question host{"h.lab", RrType::a};

TEST(PacketOf, ASignedAnswer) {
  const auto facts = Packet(host).proven("H.lab", RrType::a, 300, address).read();
  EXPECT_EQ(facts.rcode, 0);
  EXPECT_EQ(facts.denial, Denial::none);
  EXPECT_EQ(facts.canonical_name, "h.lab");
  EXPECT_EQ(facts.ttl, 300U);
  EXPECT_EQ(facts.original_ttl, 300U);
  EXPECT_EQ(facts.rrsig_inception, now - 1h);
  EXPECT_EQ(facts.rrsig_expires, now + 24h);
  EXPECT_EQ(facts.signer, "lab");
}

// RFC 4035 5.3.3: neither the TTL our own cache shows nor a later expiry counts.
TEST(PacketOf, TheOriginalTtlAndTheExpiryBoundTheTtl) {
  Packet soon(host);
  soon.answer("h.lab", 1, 60, address).answer("h.lab", rrsig, 60, signature(1, 3600, now - 1h, now + 100s));
  EXPECT_EQ(soon.read().ttl, 100U);
  EXPECT_EQ(soon.read().original_ttl, 3600U);
  Packet late(host);
  late.answer("h.lab", 1, 60, address).answer("h.lab", rrsig, 60, signature(1, 3600, now - 1h, now + 2h));
  EXPECT_EQ(late.read().ttl, 3600U);
  Packet expired(host);
  expired.answer("h.lab", 1, 60, address).answer("h.lab", rrsig, 60, signature(1, 3600, now - 2h, now - 1h));
  EXPECT_EQ(expired.read().ttl, 0U);
}

TEST(PacketOf, AnUnsignedTtlIsKnownOnlyBelowTheCap) {
  const auto packet = Packet(host).answer("h.lab", 1, 60, address);
  EXPECT_EQ(packet.read(Status::insecure).ttl, 60U);
  EXPECT_EQ(packet.read(Status::insecure, 61).ttl, 60U);
  EXPECT_EQ(packet.read(Status::insecure, 60).ttl, std::nullopt);
}

TEST(PacketOf, SignaturesNobodyCheckedDoNotCount) {
  const auto facts = Packet(host).proven("h.lab", RrType::a, 50, address).read(Status::insecure);
  EXPECT_EQ(facts.ttl, 50U);
  EXPECT_EQ(facts.original_ttl, std::nullopt);
  EXPECT_EQ(facts.rrsig_expires, std::nullopt);
  EXPECT_EQ(facts.signer, "lab");  // says where to look, and nothing else
}

TEST(PacketOf, ASignatureOverFewerLabelsIsOneOverAWildcard) {
  const Octets tlsa{3, 1, 1, 0};
  const Question owner{"_25._tcp.h.lab", RrType::tlsa};
  EXPECT_EQ(Packet(owner).proven(owner.name, RrType::tlsa, 50, tlsa).read().wildcard, "*.h.lab");
  EXPECT_EQ(Packet(owner).proven(owner.name, RrType::tlsa, 50, tlsa).read(Status::insecure).wildcard, std::nullopt);
  EXPECT_EQ(Packet(host).proven("h.lab", RrType::a, 50, address).read().wildcard, std::nullopt);
}

TEST(PacketOf, AnAliasMadeFromAWildcardNamesIt) {
  Packet packet({"m.h.lab", RrType::a});
  packet.proven("m.h.lab", RrType::cname, 50, name("h.lab")).proven("h.lab", RrType::a, 300, address);
  EXPECT_THAT(packet.read().aliases, ElementsAre(Alias{"m.h.lab", "h.lab", RrType::cname, "*.h.lab"}));
  EXPECT_EQ(packet.read().wildcard, std::nullopt);
  EXPECT_THAT(packet.read(Status::insecure).aliases, ElementsAre(Alias{"m.h.lab", "h.lab", RrType::cname}));
}

TEST(PacketOf, AnUnsignedEndOfASignedAliasHasNoSigner) {
  auto packet = Packet({"w.lab", RrType::a}).proven("w.lab", RrType::cname, 50, name("h.plain.lab"));
  packet.answer("h.plain.lab", 1, 60, address);
  EXPECT_EQ(packet.read(Status::insecure).signer, std::nullopt);
}

TEST(PacketOf, ABogusAnswerHasDatesButNoTtl) {
  const auto facts = Packet(host).proven("h.lab", RrType::a, 50, address).read(Status::bogus);
  EXPECT_EQ(facts.ttl, std::nullopt);
  EXPECT_EQ(facts.rrsig_expires, now + 24h);
}

TEST(PacketOf, OfSeveralSignaturesTheValidOneThatLastsLongestCounts) {
  Packet packet(host);
  packet.answer("h.lab", 1, 60, address)
      .answer("h.lab", rrsig, 60, signature(1, 3600, now + 1h, now + 900h))
      .answer("h.lab", rrsig, 60, signature(1, 3600, now - 9h, now + 2h))
      .answer("h.lab", rrsig, 60, signature(1, 3600, now - 5h, now + 4h))
      .answer("h.lab", rrsig, 60, signature(1, 3600, now - 9h, now - 8h))
      .answer("h.lab", rrsig, 60, signature(28, 3600, now - 9h, now + 99h))
      .answer("x.lab", rrsig, 60, signature(1, 3600, now - 9h, now + 99h));
  EXPECT_EQ(packet.read().rrsig_expires, now + 4h);
  EXPECT_EQ(packet.read().rrsig_inception, now - 5h);
}

// RFC 4034 3.1.5: signature times wrap around in 2106.
TEST(PacketOf, SignatureTimesAreTheNearestOnesMeant) {
  constexpr SysTime in_2106{std::chrono::seconds{0x1'0000'0000 - 100}};
  Packet packet(host);
  packet.answer("h.lab", 1, 60, address);
  packet.answer("h.lab", rrsig, 60, signature(1, 3600, in_2106 - 1h, SysTime{500s}));
  const auto facts = read_packet(packet.bytes(), host, {Status::secure, in_2106});
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->rrsig_expires, in_2106 + 600s);
  EXPECT_EQ(facts->ttl, 600U);
}

TEST(PacketOf, EveryAliasStepCounts) {
  Packet packet(host);
  packet.proven("b.lab", RrType::a, 500, address)
      .proven("a.lab", RrType::cname, 50, name("B.lab"))
      .proven("h.lab", RrType::cname, 500, name("a.lab"));
  const auto facts = packet.read();
  EXPECT_THAT(facts.aliases,
              ElementsAre(Alias{"h.lab", "a.lab", RrType::cname}, Alias{"a.lab", "b.lab", RrType::cname}));
  EXPECT_EQ(facts.canonical_name, "b.lab");
  EXPECT_EQ(facts.ttl, 50U);
  EXPECT_EQ(facts.denial, Denial::none);
}

// RFC 6672 3.1: the synthesized CNAME carries TTL 0 here and no signature.
TEST(PacketOf, ADnameStepHasTheTermsOfTheDname) {
  Packet packet({"h.old.lab", RrType::a});
  packet.proven("old.lab", RrType::dname, 77, name("new.lab"))
      .answer("h.old.lab", code(RrType::cname), 0, name("h.new.lab"))
      .proven("h.new.lab", RrType::a, 300, address);
  const auto facts = packet.read();
  EXPECT_THAT(facts.aliases, ElementsAre(Alias{"h.old.lab", "h.new.lab", RrType::dname}));
  EXPECT_EQ(facts.ttl, 77U);
  EXPECT_EQ(facts.made_from, std::nullopt);
}

TEST(PacketOf, ACnameThatWasAskedForSaysWhetherItIsSynthesized) {
  Packet made({"h.old.lab", RrType::cname});
  made.proven("old.lab", RrType::dname, 77, name("new.lab"))
      .answer("h.old.lab", code(RrType::cname), 0, name("h.new.lab"));
  EXPECT_EQ(made.read().made_from, "old.lab");
  EXPECT_EQ(made.read().ttl, 77U);
  EXPECT_TRUE(made.read().aliases.empty());
  Packet real({"h.lab", RrType::cname});
  real.proven("h.lab", RrType::cname, 60, name("a.lab"));
  EXPECT_EQ(real.read().made_from, std::nullopt);
}

TEST(PacketOf, ADenialRestsOnSoaAndNsec) {
  for (const int rcode : {0, 3}) {
    Packet packet(host, rcode);
    packet.authority("lab", code(RrType::soa), 900, soa(120))
        .authority("lab", rrsig, 900, signature(code(RrType::soa), 900, now - 1h, now + 9h))
        .authority("g.lab", nsec, 300, name("z.lab"))
        .authority("g.lab", rrsig, 300, signature(nsec, 300, now - 2h, now + 5h));
    const auto facts = packet.read();
    EXPECT_EQ(facts.denial, rcode == 3 ? Denial::nxdomain : Denial::nodata);
    EXPECT_EQ(facts.ttl, 120U) << "RFC 2308 5";
    EXPECT_EQ(facts.original_ttl, 300U);
    EXPECT_EQ(facts.rrsig_expires, now + 5h);
    EXPECT_EQ(facts.rrsig_inception, now - 1h);
    EXPECT_EQ(facts.signer, "lab");
  }
}

TEST(PacketOf, AnUnsignedDenialHasNoTtlOfItsOwn) {
  const auto packet = Packet(host, 3).authority("lab", code(RrType::soa), 5, soa(120));
  EXPECT_EQ(packet.read(Status::insecure, 60).ttl, std::nullopt);
}

TEST(PacketOf, AnAliasToNothingIsADenialBehindIt) {
  Packet packet(host, 3);
  packet.answer("h.lab", code(RrType::cname), 60, name("gone.other"))
      .answer("h.lab", rrsig, 60, signature(code(RrType::cname), 60, now - 1h, now + 24h, "lab"))
      .authority("other", code(RrType::soa), 900, soa(120))
      .authority("other", rrsig, 900, signature(code(RrType::soa), 900, now - 1h, now + 9h, "other"));
  const auto facts = packet.read();
  EXPECT_EQ(facts.canonical_name, "gone.other");
  EXPECT_EQ(facts.denial, Denial::nxdomain);
  EXPECT_EQ(facts.signer, "other");
  EXPECT_EQ(facts.ttl, 60U);
}

TEST(PacketOf, AWildcardAlsoRestsOnItsProof) {
  Packet packet(host);
  packet.proven("h.lab", RrType::a, 300, address)
      .authority("g.lab", nsec, 200, name("z.lab"))
      .authority("g.lab", rrsig, 200, signature(nsec, 200, now - 2h, now + 5h));
  EXPECT_EQ(packet.read().ttl, 200U);
  EXPECT_EQ(packet.read().rrsig_expires, now + 5h);
}

TEST(PacketOf, WhatDoesNotBelongIsPassedOver) {
  Packet packet(host);
  packet.answer("h.lab", code(RrType::cname), 9, name("chaos.lab"), 3)
      .answer("h.lab", rrsig, 9, {0, 1, 13})
      .authority("lab", code(RrType::ns), 9, name("ns.lab"))
      .proven("h.lab", RrType::a, 300, address);
  EXPECT_EQ(packet.read().ttl, 300U);
  EXPECT_TRUE(packet.read().aliases.empty());
}

TEST(PacketOf, TruncationIsSaid) {
  EXPECT_FALSE(Packet(host).read().truncated);
  EXPECT_TRUE(Packet(host, 0, 0x83).read().truncated);
}

TEST(PacketOf, AnAliasLoopIsAnError) {
  Packet packet(host);
  packet.answer("h.lab", code(RrType::cname), 9, name("a.lab")).answer("a.lab", code(RrType::cname), 9, name("h.lab"));
  EXPECT_FALSE(packet.readable());
  EXPECT_FALSE(Packet(host).answer("h.lab", code(RrType::cname), 9, {1, 'x'}).readable());
}

TEST(PacketOf, EveryCutIsAnErrorAndNoChangedOctetDoesHarm) {
  Packet packet({"h.old.lab", RrType::a});
  packet.proven("old.lab", RrType::dname, 77, name("new.lab"))
      .answer("h.old.lab", code(RrType::cname), 0, name("h.new.lab"))
      .proven("h.new.lab", RrType::a, 300, address)
      .authority("lab", code(RrType::soa), 900, soa(120));
  const Question question{"h.old.lab", RrType::a};
  for (std::size_t length = 0; length < packet.bytes().size(); ++length) {
    EXPECT_FALSE(read_packet(Bytes(packet.bytes()).first(length), question, {Status::secure, now})) << length;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    auto bytes = packet.bytes();
    bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    const auto facts = read_packet(bytes, question, {Status::secure, now});
    EXPECT_LE(facts ? facts->aliases.size() : 0, 32U);
  }
}

}  // namespace
}  // namespace danewatch::wire

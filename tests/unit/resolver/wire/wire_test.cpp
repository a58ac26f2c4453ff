#include "resolver/wire/wire.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "resolver/wire/records.hpp"

namespace danewatch::wire {
namespace {
using Octets = std::vector<std::uint8_t>;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(Name, IsLowerCaseWithoutTheDot) {
  EXPECT_EQ(canonical_name("MX.Example.ORG."), "mx.example.org");
  EXPECT_EQ(canonical_name("_25._tcp.mx-1.example.org"), "_25._tcp.mx-1.example.org");
  EXPECT_EQ(canonical_name("."), ".");
}

TEST(Name, UnusualOctetsStayEscaped) {
  EXPECT_EQ(canonical_name("a\\.b.\\000\\007 \\\"x.org"), "a\\046b.\\000\\007\\032\\034x.org");
  EXPECT_EQ(canonical_name("*.example.org"), "\\042.example.org");
  EXPECT_EQ(canonical_name(*canonical_name("a\\.b\\\\;.org")), "a\\046b\\092\\059.org");
}

TEST(Name, WhatIsNoNameIsAnError) {
  const std::string label(63, 'a');
  EXPECT_TRUE(canonical_name(fmt::format("{0}.{0}.{0}.{1}", label, std::string(61, 'b'))));
  EXPECT_FALSE(canonical_name(fmt::format("{0}.{0}.{0}.{1}", label, std::string(62, 'b'))));
  EXPECT_FALSE(canonical_name(label + "a.org"));
  EXPECT_FALSE(canonical_name("a..b"));
  EXPECT_FALSE(canonical_name(""));
  EXPECT_FALSE(canonical_name(std::string_view("a\0b", 3)));
}

TEST(Name, CompressionIsFollowedInAMessageAndBounded) {
  const Octets message{9, 3, 'O', 'r', 'g', 0, 2, 'm', 'x', 0xc0, 1, 0xc0, 11};
  const auto name = read_name(message, 6);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->name, "mx.org");
  EXPECT_EQ(name->length, 5U);
  EXPECT_FALSE(read_name(message, 11)) << "points at itself";
  EXPECT_FALSE(read_name(message, 13)) << "outside";
}

TEST(Name, CompressionIsAnErrorWhereThereIsNoMessage) {
  EXPECT_FALSE(read_name(Octets{0xc0, 0}));
  EXPECT_FALSE(read_name(Octets{1, 'a'}));
  EXPECT_FALSE(read_name(Octets{}));
  EXPECT_EQ(read_name(Octets{1, 'a', 0, 9})->length, 3U);
}

TEST(RdataOf, KnownTypesAreTyped) {
  EXPECT_EQ(read_rdata(RrType::a, "h", Octets{192, 0, 2, 1}), (Rdata{*parse_address("192.0.2.1"), "192.0.2.1", false}));
  Octets v6(16, 0);
  v6[15] = 1;
  EXPECT_EQ(read_rdata(RrType::aaaa, "h", v6), (Rdata{*parse_address("::1"), "::1", false}));
  EXPECT_EQ(read_rdata(RrType::mx, "h", Octets{0, 10, 2, 'M', 'x', 0}), (Rdata{Mx{10, "mx"}, "10 mx.", false}));
  EXPECT_EQ(read_rdata(RrType::mx, "h", Octets{0, 0, 0}), (Rdata{Mx{0, "."}, "0 .", false}));
  EXPECT_EQ(read_rdata(RrType::srv, "h", Octets{0, 1, 0, 2, 0x14, 0x95, 1, 's', 0}),
            (Rdata{Srv{1, 2, 5269, "s"}, "1 2 5269 s.", false}));
}

TEST(RdataOf, TlsaIsAlwaysARecord) {
  const auto full = read_rdata(RrType::tlsa, "_25._tcp.mx", Octets{3, 1, 0, 0xAB});
  EXPECT_EQ(full.text, "3 1 0 ab");
  EXPECT_EQ(std::get<TlsaRecord>(full.value).owner, "_25._tcp.mx");
  for (const auto& bytes : {Octets{}, Octets{3}, Octets{3, 1}}) {
    const auto shorter = read_rdata(RrType::tlsa, "_25._tcp.mx", bytes);
    EXPECT_TRUE(std::get<TlsaRecord>(shorter.value).truncated);
    EXPECT_FALSE(shorter.malformed);
  }
  EXPECT_EQ(read_rdata(RrType::tlsa, "", Octets{3, 1}).text, "\\# 2 0301");
}

TEST(RdataOf, OtherTypesAreTextOnly) {
  EXPECT_EQ(read_rdata(RrType::cname, "h", Octets{2, 'M', 'x', 0}), (Rdata{std::monostate{}, "mx.", false}));
  EXPECT_EQ(read_rdata(RrType::ds, "h", Octets{0x4f, 0x66, 8, 2, 0xe0, 0x6d}).text, "20326 8 2 e06d");
  EXPECT_EQ(read_rdata(RrType::dnskey, "h", Octets{1, 1, 3, 13, 1, 2, 3}).text, "257 3 13 AQID");
  EXPECT_EQ(read_rdata(static_cast<RrType>(65280), "h", Octets{1, 2}).text, "\\# 2 0102");
}

TEST(RdataOf, WhatDoesNotParseIsMalformedAndShownInHex) {
  const struct {
    RrType type;
    Octets bytes;
    const char* text;
  } rows[] = {
      {RrType::a, {1, 2, 3}, "\\# 3 010203"},
      {RrType::a, {}, "\\# 0"},
      {RrType::aaaa, {192, 0, 2, 1}, "\\# 4 c0000201"},
      {RrType::mx, {0, 10}, "\\# 2 000a"},
      {RrType::mx, {0, 10, 1, 'a', 0, 9}, "\\# 6 000a01610009"},
      {RrType::mx, {0, 10, 0xc0, 0}, "\\# 4 000ac000"},
      {RrType::srv, {0, 1, 0, 2, 0, 3}, "\\# 6 000100020003"},
      {RrType::cname, {5, 'a'}, "\\# 2 0561"},
      {RrType::soa, {0}, "\\# 1 00"},
      {RrType::dnskey, {1}, "\\# 1 01"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(read_rdata(row.type, "h", row.bytes), (Rdata{std::monostate{}, row.text, true})) << row.text;
  }
}

TEST(RdataOf, NamesInDataCannotSmuggleControlCharacters) {
  EXPECT_EQ(read_rdata(RrType::mx, "h", Octets{0, 1, 3, '\n', 27, '.', 0}).text, "1 \\010\\027\\046.");
  EXPECT_EQ(read_rdata(RrType::ns, "h", Octets{2, '\r', '"', 0}).text, "\\013\\034.");
}

TEST(ZoneFile, RecordsComeOutOnOneLineEach) {
  const auto records = read_zone("; comment\n$TTL 60\nOrg. IN NS (\n a.root. )\na.root. 5 IN A 192.0.2.1\n", ".");
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 2U);
  EXPECT_EQ(records->at(0).owner, "org");
  EXPECT_EQ(to_line(records->at(0)), "org. 60 IN NS a.root.");
  EXPECT_EQ(records->at(1).type, RrType::a);
}

TEST(ZoneFile, NothingIsNoRecordsAndNonsenseNamesItsLine) {
  EXPECT_TRUE(read_zone("", ".")->empty());
  EXPECT_TRUE(read_zone("\n; nothing\n", ".")->empty());
  const auto wrong = read_zone("a. IN A 192.0.2.1\n<html>\n", ".");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().position, 2U);
  EXPECT_FALSE(read_zone("$INCLUDE /etc/passwd\n", "."));
  EXPECT_FALSE(read_zone(std::string_view("\0\0\0", 3), "."));
}

}  // namespace
}  // namespace danewatch::wire

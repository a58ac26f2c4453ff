#include "resolver/dns/tlsa.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

using Bytes = std::vector<std::uint8_t>;

TlsaRecord record(unsigned usage, unsigned selector, unsigned type, std::size_t octets) {
  TlsaRecord made;
  made.owner = "_25._tcp.mx.example.org";
  made.usage = static_cast<std::uint8_t>(usage);
  made.selector = static_cast<std::uint8_t>(selector);
  made.matching_type = static_cast<std::uint8_t>(type);
  made.data.assign(octets, 0xab);
  return made;
}

std::string why(const TlsaRecord& r) {
  return unusable_reason(r).value_or("usable");
}

TEST(Conformance, A01_OneWellFormedRecordIsUsable) {
  EXPECT_EQ(why(record(3, 1, 1, 32)), "usable");
  EXPECT_EQ(why(record(2, 0, 2, 64)), "usable");
  EXPECT_EQ(why(record(0, 0, 0, 1)), "usable");  // whether that is DER is for the matcher
}

TEST(Conformance, A02_UnknownUsage) {
  EXPECT_EQ(why(record(4, 1, 1, 32)), "usage 4 does not exist");
  EXPECT_EQ(why(record(254, 1, 1, 32)), "usage 254 does not exist");
}

TEST(Conformance, A03_PrivateUsage) {
  EXPECT_EQ(why(record(255, 1, 1, 32)), "usage 255 is for private use");
}

TEST(Conformance, A04_UnknownSelector) {
  EXPECT_EQ(why(record(3, 2, 1, 32)), "selector 2 does not exist");
  EXPECT_EQ(why(record(3, 254, 1, 32)), "selector 254 does not exist");
  EXPECT_EQ(why(record(3, 255, 1, 32)), "selector 255 is for private use");
}

TEST(Conformance, A05_UnknownMatchingType) {
  EXPECT_EQ(why(record(3, 1, 3, 32)), "matching type 3 does not exist");
  EXPECT_EQ(why(record(3, 1, 254, 32)), "matching type 254 does not exist");
}

TEST(Conformance, A06_PrivateMatchingType) {
  EXPECT_EQ(why(record(3, 1, 255, 32)), "matching type 255 is for private use");
}

TEST(Conformance, A07_DigestTooShort) {
  EXPECT_EQ(why(record(3, 1, 1, 31)), "31 bytes where SHA2-256 has 32");
  EXPECT_EQ(why(record(3, 1, 2, 1)), "1 byte where SHA2-512 has 64");
}

TEST(Conformance, A08_DigestTooLong) {
  EXPECT_EQ(why(record(3, 1, 1, 33)), "33 bytes where SHA2-256 has 32");
}

TEST(Conformance, A09_LengthOfTheOtherDigest) {
  EXPECT_EQ(why(record(3, 1, 1, 64)), "64 bytes fit SHA2-512, matching type 2");
  EXPECT_EQ(why(record(3, 1, 2, 32)), "32 bytes fit SHA2-256, matching type 1");
}

TEST(Conformance, A10_DigestWithoutData) {
  EXPECT_EQ(why(record(3, 1, 1, 0)), "empty data");
}

TEST(Conformance, A11_FullWithoutData) {
  EXPECT_EQ(why(record(3, 0, 0, 0)), "empty data");
}

TEST(Conformance, A12_ShortRdata) {
  for (std::size_t octets = 0; octets < 3; ++octets) {
    const Bytes rdata(octets, 3);
    const TlsaRecord made = tlsa_from_rdata("o", rdata);
    EXPECT_TRUE(made.truncated) << octets;
    EXPECT_EQ(made.data, rdata);
  }
  EXPECT_EQ(why(tlsa_from_rdata("o", Bytes{3})), "RDATA of 1 byte, too short for a TLSA record");
  EXPECT_EQ(why(tlsa_from_rdata("o", Bytes{})), "RDATA of 0 bytes, too short for a TLSA record");
  EXPECT_EQ(why(tlsa_from_rdata("o", Bytes{3, 1, 1})), "empty data");
}

TEST(Conformance, A33_EveryPresentationOfOneRecordIsEqual) {
  const std::string hex(64, 'a');
  const auto plain = parse_tlsa("3 1 1 " + hex);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->data, Bytes(32, 0xaa));
  EXPECT_EQ(plain->usage, 3);
  EXPECT_EQ(plain->selector, 1);
  EXPECT_EQ(plain->matching_type, 1);
  EXPECT_EQ(parse_tlsa("3 1 1 " + std::string(64, 'A')), plain);
  EXPECT_EQ(parse_tlsa("  3\t1 1  aaaa AAAA " + std::string(56, 'a') + "\n"), plain);
  EXPECT_EQ(parse_tlsa("\\# 35 030101" + hex), plain);
  EXPECT_EQ(parse_tlsa("\\# 35 0301 01 " + hex), plain);
}

TEST(Tlsa, FromRdata) {
  const TlsaRecord made = tlsa_from_rdata("_25._tcp.mx", Bytes{2, 0, 1, 9, 8});
  EXPECT_EQ(made.owner, "_25._tcp.mx");
  EXPECT_EQ(to_text(made), "2 0 1 0908");
  EXPECT_FALSE(made.truncated);
}

struct BadText {
  std::string text;
  std::string message;
  std::size_t position;
};

TEST(Tlsa, BadTextIsRefusedWithItsPlace) {
  const std::vector<BadText> table{
      {"", "the usage is missing", 0},
      {"3 1", "the matching type is missing", 3},
      {"256 1 1 aa", "the usage is not a number from 0 to 255", 0},
      {"3 -1 1 aa", "the selector is not a number from 0 to 255", 2},
      {"3 1 1x aa", "the matching type is not a number from 0 to 255", 4},
      {"99999999999999999999 1 1 aa", "the usage is not a number from 0 to 255", 0},
      {"3 1 1 aag0", "\"g\" is not a hex digit", 8},
      {"3 1 1 aaa", "an odd number of hex digits", 9},
      {"\\# 4 0301", "2 bytes of RDATA where 4 were announced", 5},
      {"\\# 65536 00", "the RDATA length is not a number from 0 to 65535", 3},
      {"3 1 0 " + std::string(2 * 65533, 'a'), "65533 bytes of data do not fit into a DNS record", 6},
  };
  for (const BadText& row : table) {
    const auto parsed = parse_tlsa(row.text);
    ASSERT_FALSE(parsed) << row.message;
    EXPECT_EQ(parsed.error().message, row.message);
    EXPECT_EQ(parsed.error().position, row.position) << row.message;
  }
}

TEST(Tlsa, TheLongestRecordPasses) {
  const auto parsed = parse_tlsa("3 1 0 " + std::string(2 * 65532, 'a'));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->data.size(), 65532U);
}

TEST(Tlsa, TextIsReadBackEqual) {
  for (const Bytes& rdata : {Bytes{}, Bytes{3}, Bytes{3, 1}, Bytes{3, 1, 1}, Bytes{3, 1, 1, 0, 255}}) {
    const TlsaRecord made = tlsa_from_rdata("", rdata);
    EXPECT_EQ(parse_tlsa(to_text(made)), made) << to_text(made);
  }
}

TEST(Tlsa, ZoneLine) {
  TlsaRecord made = record(3, 1, 1, 2);
  EXPECT_EQ(to_zone_line(made), "_25._tcp.mx.example.org. IN TLSA 3 1 1 abab");
  made.data.clear();
  EXPECT_EQ(to_zone_line(made), "_25._tcp.mx.example.org. IN TLSA \\# 3 030101");
  EXPECT_EQ(to_text(made), "3 1 1");
  EXPECT_EQ(to_text(tlsa_from_rdata("", Bytes{3, 1})), "\\# 2 0301");
}

TEST(Tlsa, SameAssociationIgnoresTheOwnerOnly) {
  const TlsaRecord left = record(3, 1, 1, 32);
  TlsaRecord right = left;
  right.owner = "elsewhere";
  EXPECT_TRUE(same_association(left, right));
  right.data.back() ^= 1;
  EXPECT_FALSE(same_association(left, right));
  right = left;
  right.selector = 0;
  EXPECT_FALSE(same_association(left, right));
}

}  // namespace
}  // namespace danewatch

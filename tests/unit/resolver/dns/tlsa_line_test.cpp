#include "resolver/dns/tlsa_line.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

const std::string hex = "8bd1da95272f7fa4ffb24137fc0ed03aae67e5c4d8b3c50734e1050a7920b922";
const std::string half = hex.substr(0, 44);
const std::string rest = hex.substr(44);

TlsaRecord expected() {
  return parse_tlsa("3 1 1 " + hex).value();
}

TEST(TlsaLine, EveryFormPeopleHaveAtHandIsRead) {
  const std::string owner = "_25._tcp.mx.example.org.";
  const std::vector<std::string> forms{
      "3 1 1 " + hex,
      owner + " 3600 IN TLSA 3 1 1 " + hex,
      owner + " in tlsa 3 1 1 " + hex + "\r\n",
      "_25._tcp.tlsa.example.org. IN TLSA 3 1 1 " + hex,
      owner + "\t3600 IN TLSA 3 1 1 (\n\t\t\t\t" + half + "\n\t\t\t\t" + rest + " )\n",
      owner + " 3600 IN TLSA ( 3 1 1 ; the key\n " + half + " ; first half\n " + rest + " ) ; done",
      owner + " IN TLSA 3 1 1 " + half + "\n" + rest,
      "; <<>> DiG 9.18 <<>> TLSA\n;; ANSWER SECTION:\n" + owner + " 60 IN TLSA 3 1 1 " + hex + "\n\n;; Query time: 0\n",
      owner + " 60 IN CNAME tlsa.example.org.\ntlsa.example.org. 60 IN TLSA 3 1 1 " + hex + "\n",
      owner + " 60 IN TLSA 3 1 1 " + hex + "\n" + owner + " 60 IN RRSIG TLSA 13 5 60 2026 2025 1 example.org. ab==\n",
      owner + " 60 IN RRSIG TLSA 13 5 60 (\n 2026 2025 1 example.org. ab== )\n" + owner + " 60 IN TLSA 3 1 1 " + hex,
      owner + " IN TYPE52 \\# 35 030101" + hex,
      owner + " IN TYPE52 \\# 35 (\n 0301 01\n " + hex + " )",
      "TLSA \\# 35 030101" + hex,
      "\"3 1 1 " + hex + "\"",
      "3 1 1 \"" + hex + "\"",
      "_25._tcp.mx IN TLSA \"3\" \"1\" \"1\" \"" + hex + "\"",
      "\xe2\x80\x9c"
      "3\xc2\xa0"
      "1 1 " +
          hex + "\xe2\x80\x9d",
      "_25._tcp.mx.example.org has TLSA record 3 1 1 " + hex + " (secure)\n",
      "_25._tcp.mx.example.org has TLSA record 3 1 1 " + half + " " + rest,
      "_25._tcp.mx.example.org has TLSA record 3 1 1 " + hex + " (BOGUS (security failure))",
      "_25._tcp.mx.example.org\trdata_52 = 3 1 1 " + half + " " + rest,
      "update add " + owner + " 3600 TLSA 3 1 1 " + hex,
      "3 1 1 8B:D1:DA:95:27:2F:7F:A4:FF:B2:41:37:FC:0E:D0:3A:AE:67:E5:C4:D8:B3:C5:07:34:E1:05:0A:79:20:B9:22",
      "_25._tcp.mx.example.org IN TLSA 3 1 1 " + hex +
          "\n        -- Cert. usage: DANE-EE\n        -- Selector: SubjectPublicKeyInfo\n"
          "        -- Matching type: SHA-256\n-- Information acquired via protocol DNS in 23.5ms.\n"
          "-- Data is authenticated: yes; Data was acquired via local or encrypted transport: no\n",
      "DANE-EE SPKI SHA2-256 " + hex,
      "'3 1 1 " + hex + "'",
      "TLSA _25._tcp.mx.example.org. 1h00m00s   3 1 1 " + hex,
      "IN TLSA dane-ee spki sha2-256 " + hex,
      "DANE-EE(3) SPKI(1) SHA2-256(1) " + hex,
      owner + " IN TLSA DANE-EE SPKI SHA2-256 ( " + half + "\n" + rest + ")",
  };
  for (const std::string& form : forms) {
    const auto record = parse_tlsa_line(form);
    ASSERT_TRUE(record.has_value()) << form << "\n" << record.error().message;
    EXPECT_EQ(*record, expected()) << form;
  }
}

TEST(TlsaLine, EveryAcronymOfRfc7218IsItsNumber) {
  const auto numbers = [](const std::string& words) { return numbers_of(parse_tlsa_line(words + " ab").value()); };
  EXPECT_EQ(numbers("PKIX-TA Cert Full"), "0 0 0");
  EXPECT_EQ(numbers("PKIX-EE SPKI SHA2-256"), "1 1 1");
  EXPECT_EQ(numbers("DANE-TA SPKI SHA2-512"), "2 1 2");
  EXPECT_EQ(numbers("DANE-EE 0 SHA2-256"), "3 0 1");
  EXPECT_EQ(numbers("PrivCert PrivSel PrivMatch"), "255 255 255");
  EXPECT_EQ(numbers("DANE-EE(3) SubjectPublicKeyInfo(1) SHA-256(1)"), "3 1 1");
  EXPECT_EQ(numbers("3 1 sha256"), "3 1 1");
  EXPECT_EQ(numbers("DANE-TA SPKI SHA2_512"), "2 1 2");
}

TEST(TlsaLine, TheWordsOfARecordAreReadBack) {
  for (const std::string words : {"PKIX-TA Cert Full", "PKIX-EE SPKI SHA2-256", "DANE-TA Cert SHA2-512",
                                  "DANE-EE SPKI SHA2-256", "PrivCert PrivSel PrivMatch", "4 2 3"}) {
    EXPECT_EQ(acronyms_of(parse_tlsa_line(words + " ab").value()), words);
  }
}

TEST(TlsaLine, AnErrorSaysWhatAndWhere) {
  struct Slip {
    std::string text, message;
  };
  const std::vector<Slip> slips{
      {"3 1 1 aag0", "\"g\" is not a hex digit (character 9)"},
      {"_25._tcp.mx IN TLSA 3 1 1 (\n aa\n ax )", "\"x\" is not a hex digit (line 3, character 3)"},
      {"3 1 1 a\x01"
       "a",
       "byte 0x01 is not a hex digit (character 8)"},
      {"3 1 1 2bb8\xe2\x80\xa6", "the data is cut short; give the whole record (character 11)"},
      {"3 1 1 2bb8...", "the data is cut short; give the whole record (character 11)"},
      {"3 1 1 a:b", "\":\" is not a hex digit (character 8)"},
      {"3 1 1 (aa", "\"(\" without its \")\" (character 7)"},
      {"3 1 1 aa)", "\")\" without its \"(\" (character 9)"},
      {"\"3 1 1 aa", "a quote is not closed (character 1)"},
      {"x TLSA 3 1 1 aa\nx TLSA 3 1 1 bb", "more than one record; give them one by one (line 2, character 1)"},
      {"x IN RRSIG TLSA 13 5", "an RRSIG record, not a TLSA record (character 1)"},
      {"x IN TLSA 3 SPKY 1 aa", "the selector is not a number from 0 to 255 (character 13)"},
      {"3 1 1 aaa", "an odd number of hex digits"},
      {"", "the usage is missing"},
  };
  for (const Slip& slip : slips) {
    const auto record = parse_tlsa_line(slip.text);
    ASSERT_FALSE(record.has_value()) << slip.text;
    EXPECT_EQ(record.error().message, slip.message) << slip.text;
  }
}

// Digits before a number in parentheses are no acronym: nothing of the data is lost.
TEST(TlsaLine, ParenthesesWithinTheDataHoldData) {
  EXPECT_EQ(parse_tlsa_line("3 1 1 ab(12)cd").value(), parse_tlsa("3 1 1 ab12cd").value());
}

}  // namespace
}  // namespace danewatch

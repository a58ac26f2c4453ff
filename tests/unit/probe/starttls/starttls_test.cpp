#include "probe/starttls/starttls.hpp"

#include <gtest/gtest.h>

#include "probe/starttls/lines.hpp"
#include "tests/unit/probe/starttls/starttls_player.hpp"

namespace danewatch {
namespace {

TEST(MakeDialogue, EveryRowOfTheTableHasOneAndOnlyImplicitTlsStartsAtOnce) {
  for (const Service& service : services()) {
    const auto dialogue = make_dialogue(service, {"probe.example.net", "example.org"});
    ASSERT_NE(dialogue, nullptr) << service.name;
    const bool implicit = service.start == StartTlsKind::implicit;
    EXPECT_EQ(dialogue->start().kind == DialogueStep::Kind::upgrade, implicit) << service.name;
  }
}

TEST(ImplicitTls, BelongsToTheHandshakeFromTheStart) {
  const auto dialogue = make_dialogue(*find_service("https"), {});
  EXPECT_EQ(dialogue->stage(), Stage::handshake);
  EXPECT_EQ(dialogue->goodbye(), "");
  EXPECT_EQ(make_dialogue(*find_service("submissions"), {})->goodbye(), "QUIT\r\n");
}

TEST(LineReader, GivesLinesWithoutTheirEnds) {
  LineReader reader;
  reader.append("one\r\ntwo\nthr");
  EXPECT_EQ(reader.next(), "one");
  EXPECT_EQ(reader.next(), "two");
  EXPECT_EQ(reader.next(), std::nullopt);
  reader.append("ee\r\n\r\n");
  EXPECT_EQ(reader.next(), "three");
  EXPECT_EQ(reader.next(), "");
  EXPECT_EQ(reader.rest(), "");
  EXPECT_EQ(reader.too_long(), "");
}

TEST(LineReader, AllowsALineOf2048OctetsAndNoMore) {
  LineReader reader;
  reader.append(std::string(2048, 'x') + "\r");
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.too_long(), "");
  reader.append("\n" + std::string(2050, 'y'));
  EXPECT_EQ(reader.next(), std::string(2048, 'x'));
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.too_long(), "a line of more than 2048 bytes");
}

TEST(LineReader, StopsAfter200LinesAnd64Kilobytes) {
  LineReader many;
  for (int i = 0; i < 201; ++i) many.append("x\n");
  int lines = 0;
  while (many.next()) ++lines;
  EXPECT_EQ(lines, 200);
  EXPECT_EQ(many.too_long(), "more than 200 lines");

  LineReader large;
  for (int i = 0; i < 70; ++i) large.append(std::string(1022, 'x') + "\r\n");
  while (large.next()) continue;
  EXPECT_EQ(large.too_long(), "more than 64 kB before TLS");
}

TEST(LineReader, SkipsALiteralThatIsStillToCome) {
  LineReader reader;
  reader.append("{5}\r\n");
  EXPECT_EQ(reader.next(), "{5}");
  reader.skip(5);
  reader.append("a\r");
  EXPECT_EQ(reader.next(), std::nullopt);
  reader.append("\nbc)\r\nnext\r\n");
  EXPECT_EQ(reader.next(), ")");
  EXPECT_EQ(reader.next(), "next");
}

TEST(LiteralAtEnd, ReadsTheSizeAndNothingElse) {
  EXPECT_EQ(literal_at_end("x {12}"), 12U);
  EXPECT_EQ(literal_at_end("{0+}"), 0U);
  EXPECT_EQ(literal_at_end("{99999999}"), max_dialogue_octets);
  for (const char* line : {"", "{}", "{x}", "{1", "1}", "{1}x", "{-1}", "{99999999999999999999999}"}) {
    EXPECT_EQ(literal_at_end(line), std::nullopt) << line;
  }
}

// rows.md E-16. SMTP asks for nothing more: EHLO ends a group of commands (RFC 2920 3.1), so it would cost a
// round trip.
TEST(OfferedAgain, InTheCapabilitiesAndNowhereElse) {
  const auto offers = [](const char* service, std::string_view heard) {
    return make_dialogue(*find_service(service), {})->offers_again(heard);
  };
  EXPECT_TRUE(offers("sieve", "\"SASL\" \"\"\r\n\"StartTLS\"\r\nOK\r\n"));
  EXPECT_FALSE(offers("sieve", "\"SASL\" \"STARTTLS\"\r\nOK \"STARTTLS\"\r\n\"STARTTLS\""));
  EXPECT_TRUE(offers("imap", "* 1 EXISTS\n* CAPABILITY X starttls Y\n"));
  EXPECT_FALSE(offers("imap", "* CAPABILITY XSTARTTLS\r\nb OK STARTTLS\r\n* BYE STARTTLS\r\n* CAPABILITY STARTTLS"));
  EXPECT_TRUE(offers("nntp", "101\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n"));
  EXPECT_FALSE(offers("nntp", "101 STARTTLS\r\nVERSION 2\r\n.\r\n205\r\n"));
  for (const char* service : {"smtp", "pop3", "ftp", "ldap", "xmpp-client", "postgres", "mysql", "https"}) {
    EXPECT_FALSE(offers(service, "250-STARTTLS\r\nSTLS\r\nSTARTTLS\r\n")) << service;
  }
  EXPECT_EQ(make_dialogue(*find_service("smtp"), {})->last_words(), "QUIT\r\n");
  EXPECT_EQ(make_dialogue(*find_service("nntp"), {})->last_words(), "CAPABILITIES\r\nQUIT\r\n");
}

TEST(FailStep, CutsThePeersWords) {
  EXPECT_EQ(fail_step(Stage::greeting, Fault::reply, std::string(9000, 'x')).error.size(), 512U);
}

}  // namespace
}  // namespace danewatch

// IMAP, POP3, ManageSieve, FTP and NNTP (rows.md E-31, E-32, E-35, E-36, E-37).
#include <gtest/gtest.h>

#include "tests/unit/probe/starttls/starttls_player.hpp"

namespace danewatch {
namespace {

using Replies = std::vector<std::string>;

Played good(std::string sent) {
  return {std::move(sent), upgraded()};
}

Played bad(std::string sent, Stage stage, Fault fault, std::string error) {
  return {std::move(sent), failed(stage, fault, std::move(error))};
}

Fault fault_of_packets(std::string_view service, const Replies& packets) {
  return play_packets(*find_service(service), packets).last.fault;
}

std::string many(std::string_view line, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

// --- IMAP

constexpr const char* imap_sent = "a STARTTLS\r\n";

TEST(Imap, E31GreetingStarttlsTaggedOk) {
  EXPECT_EQ(play("imap", {"* OK ready\r\n", "a OK begin\r\n"}), good(imap_sent));
  EXPECT_EQ(play("imap", {"* ok [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n", "a ok\r\n"}), good(imap_sent));
}

TEST(Imap, E31UntaggedLinesBeforeTheTaggedOneAreIgnored) {
  EXPECT_EQ(play("imap", {"* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\n* NO [ALERT] pay here\r\n* 3 EXISTS\r\na OK\r\n"}),
            good(imap_sent));
  EXPECT_EQ(play("imap", {"* OK hi\r\n", "* LIST {10}\r\na OK bad\r\n more\r\na OK\r\n"}), good(imap_sent));
}

// RFC 9051 7.1.5, RFC 5530 3: the server goes away, or is short of something; that says nothing about TLS.
TEST(Imap, AServerThatGoesAwaySaysNothingAboutTls) {
  for (const std::string line : {"* BYE autologout", "a NO [UNAVAILABLE] later", "a NO [INUSE] later"}) {
    EXPECT_EQ(play("imap", {"* OK hi\r\n", line + "\r\n"}),
              (Played{imap_sent, refused_us(Stage::starttls, Refusal::later, line)}));
  }
}

TEST(Imap, E31RefusedByNoOrBad) {
  for (const std::string line : {"a NO not now", "a BAD what?", "b OK", "+ go", "hm", ""}) {
    EXPECT_EQ(play("imap", {"* OK hi\r\n", line + "\r\n"}),
              bad(imap_sent, Stage::starttls, Fault::starttls_refused, line));
  }
}

TEST(Imap, E31PreauthenticatedClosesAtOnce) {
  EXPECT_EQ(play("imap", {"* PREAUTH welcome\r\n"}), bad("", Stage::starttls, Fault::not_offered, "* PREAUTH welcome"));
  const auto dialogue = make_dialogue(*find_service("imap"), {});
  EXPECT_EQ(dialogue->goodbye(), "b LOGOUT\r\n");
  dialogue->feed("* PREAUTH welcome\r\n");
  EXPECT_EQ(dialogue->goodbye(), "");
}

TEST(Imap, E31OtherGreetings) {
  EXPECT_EQ(play("imap", {"* BYE too many\r\n"}), bad("", Stage::greeting, Fault::reply, "* BYE too many"));
  for (const std::string line : {"220 smtp", "* NO", "* ", "+OK pop", ""}) {
    EXPECT_EQ(play("imap", {line + "\r\n"}), bad("", Stage::greeting, Fault::malformed, line));
  }
}

TEST(Imap, E13AndLimits) {
  EXPECT_EQ(fault_of_packets("imap", {"* OK\r\n", "a OK\r\n* CAPABILITY X\r\n"}), Fault::injected);
  EXPECT_EQ(fault_of_packets("imap", {"* OK " + std::string(40000, 'x')}), Fault::too_long);
  EXPECT_EQ(fault_of_packets("imap", {"* OK\r\n", many("* 1 EXISTS\r\n", 300)}), Fault::too_long);
  EXPECT_EQ(fault_of_packets("imap", {"* OK\r\n", "* X {99999999}\r\n" + std::string(70000, 'x')}), Fault::too_long);
  EXPECT_EQ(play("imap", {"* OK\r\n", "* X {40000}\r\n" + std::string(40000, 'x') + "\r\na OK\r\n"}), good(imap_sent));
}

// --- POP3

TEST(Pop3, E32CapaThenStls) {
  EXPECT_EQ(play("pop3", {"+OK ready\r\n", "+OK list\r\nTOP\r\nstls\r\n.\r\n", "+OK begin\r\n"}),
            good("CAPA\r\nSTLS\r\n"));
}

TEST(Pop3, E32ServersWithoutCapaAreAskedAnyway) {
  EXPECT_EQ(play("pop3", {"+OK\r\n", "-ERR what?\r\n", "+OK\r\n"}), good("CAPA\r\nSTLS\r\n"));
  EXPECT_EQ(play("pop3", {"+OK\r\n", "-ERR what?\r\n", "-ERR what?\r\n"}),
            bad("CAPA\r\nSTLS\r\n", Stage::starttls, Fault::starttls_refused, "-ERR what?"));
}

TEST(Pop3, E32NotOfferedRefusedAndBroken) {
  EXPECT_EQ(play("pop3", {"+OK\r\n", "+OK\r\nTOP\r\nSTLSX\r\n.\r\n"}),
            bad("CAPA\r\n", Stage::starttls, Fault::not_offered, "STLS is not among the capabilities"));
  EXPECT_EQ(play("pop3", {"+OK\r\n", "+OK\r\nSTLS\r\n.\r\n", "hm\r\n"}),
            bad("CAPA\r\nSTLS\r\n", Stage::starttls, Fault::starttls_refused, "hm"));
  EXPECT_EQ(play("pop3", {"-ERR [SYS/TEMP] busy\r\n"}),
            (Played{"", refused_us(Stage::greeting, Refusal::later, "-ERR [SYS/TEMP] busy")}));
  EXPECT_EQ(play("pop3", {"-ERR go away\r\n"}), bad("", Stage::greeting, Fault::reply, "-ERR go away"));
  EXPECT_EQ(play("pop3", {"+OK\r\n", "-ERR [IN-USE] later\r\n"}),
            (Played{"CAPA\r\n", refused_us(Stage::starttls, Refusal::later, "-ERR [IN-USE] later")}));
  EXPECT_EQ(play("pop3", {"+OK\r\n", "-ERR\r\n", "-ERR [SYS/TEMP] later\r\n"}),
            (Played{"CAPA\r\nSTLS\r\n", refused_us(Stage::starttls, Refusal::later, "-ERR [SYS/TEMP] later")}));
  EXPECT_EQ(play("pop3", {"* OK\r\n"}), bad("", Stage::greeting, Fault::malformed, "* OK"));
  EXPECT_EQ(play("pop3", {"+OK\r\n", "hm\r\n"}), bad("CAPA\r\n", Stage::starttls, Fault::malformed, "hm"));
}

TEST(Pop3, E13AndLimits) {
  EXPECT_EQ(fault_of_packets("pop3", {"+OK\r\n", "-ERR\r\n", "+OK\r\n+OK\r\n"}), Fault::injected);
  EXPECT_EQ(fault_of_packets("pop3", {"+OK\r\n", "+OK\r\n" + many("X\r\n", 300)}), Fault::too_long);
}

// --- ManageSieve

constexpr const char* sieve_greeting = "\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n";

TEST(Sieve, E35CapabilitiesThenStarttls) {
  EXPECT_EQ(play("sieve", {sieve_greeting, "OK \"begin\"\r\n"}), good("STARTTLS\r\n"));
  EXPECT_EQ(play("sieve", {"\"starttls\"\r\nok\r\n", "ok\r\n"}), good("STARTTLS\r\n"));
}

TEST(Sieve, E35LiteralsAreSkippedAlsoInTheGoAhead) {
  EXPECT_EQ(play("sieve", {"\"IMPLEMENTATION\" {6}\r\nOK\r\nNO\r\n\"STARTTLS\"\r\nOK\r\n", "OK {4}\r\nNO\r\n\r\n"}),
            good("STARTTLS\r\n"));
  EXPECT_EQ(fault_of_packets("sieve", {sieve_greeting, "OK {2}\r\nhi\r\nx"}), Fault::injected);
}

TEST(Sieve, AServerThatGoesAwaySaysNothingAboutTls) {
  for (const std::string line : {"BYE", "BYE \"too many\"", "NO (TRYLATER) \"later\""}) {
    EXPECT_EQ(play("sieve", {sieve_greeting, line + "\r\n"}),
              (Played{"STARTTLS\r\n", refused_us(Stage::starttls, Refusal::later, line)}));
  }
}

TEST(Sieve, E35NotOfferedRefusedAndBroken) {
  EXPECT_EQ(play("sieve", {"\"SASL\" \"STARTTLS\"\r\nOK\r\n"}),
            bad("", Stage::starttls, Fault::not_offered, "STARTTLS is not among the capabilities"));
  for (const std::string line : {"NO \"later\"", "hm", ""}) {
    EXPECT_EQ(play("sieve", {sieve_greeting, line + "\r\n"}),
              bad("STARTTLS\r\n", Stage::starttls, Fault::starttls_refused, line));
  }
  EXPECT_EQ(play("sieve", {"BYE \"busy\"\r\n"}), bad("", Stage::greeting, Fault::reply, "BYE \"busy\""));
  EXPECT_EQ(play("sieve", {"220 hi\r\n"}), bad("", Stage::greeting, Fault::malformed, "220 hi"));
}

// --- FTP

TEST(Ftp, E36AuthTls) {
  EXPECT_EQ(play("ftp", {"220 ready\r\n", "234 go\r\n"}), good("AUTH TLS\r\n"));
  EXPECT_EQ(play("ftp", {"120 in a minute\r\n220-hello\r\n 530 no\r\n530 no\r\n530-no\r\n220 ready\r\n", "234\r\n"}),
            good("AUTH TLS\r\n"));
}

TEST(Ftp, E36AnythingBut234IsARefusal) {
  for (const std::string line : {"334 ADAT", "500 unknown", "431 not now", "220 hm", "hm"}) {
    EXPECT_EQ(play("ftp", {"220 ready\r\n", line + "\r\n"}),
              bad("AUTH TLS\r\n", Stage::starttls, Fault::starttls_refused, line));
  }
}

TEST(Ftp, OtherGreetingsAndLimits) {
  EXPECT_EQ(play("ftp", {"421 busy\r\n"}), (Played{"", refused_us(Stage::greeting, Refusal::later, "421 busy")}));
  EXPECT_EQ(play("ftp", {"220 x\r\n", "421 bye\r\n"}),
            (Played{"AUTH TLS\r\n", refused_us(Stage::starttls, Refusal::later, "421 bye")}));
  EXPECT_EQ(play("ftp", {"530 no\r\n"}), bad("", Stage::greeting, Fault::reply, "530 no"));
  EXPECT_EQ(play("ftp", {"331 x\r\n"}), bad("", Stage::greeting, Fault::malformed, "331 x"));
  EXPECT_EQ(play("ftp", {"SSH-2.0\r\n"}), bad("", Stage::greeting, Fault::malformed, "SSH-2.0"));
  EXPECT_EQ(fault_of_packets("ftp", {"220-\r\n" + many("x\r\n", 300)}), Fault::too_long);
  EXPECT_EQ(fault_of_packets("ftp", {"220 x\r\n", "234 go\r\n234 x\r\n"}), Fault::injected);
}

// --- NNTP

TEST(Nntp, E37CapabilitiesThenStarttls) {
  EXPECT_EQ(play("nntp", {"201 hi\r\n", "101 list\r\nVERSION 2\r\nStartTLS\r\n.\r\n", "382 go\r\n"}),
            good("CAPABILITIES\r\nSTARTTLS\r\n"));
  EXPECT_EQ(play("nntp", {"200 hi\r\n", "500 what?\r\n", "382 go\r\n"}), good("CAPABILITIES\r\nSTARTTLS\r\n"));
}

TEST(Nntp, E37Refusals) {
  for (const std::string line : {"580 cannot", "502 no", "480 auth", "483 stronger", "hm"}) {
    EXPECT_EQ(play("nntp", {"200 hi\r\n", "500 what?\r\n", line + "\r\n"}),
              bad("CAPABILITIES\r\nSTARTTLS\r\n", Stage::starttls, Fault::starttls_refused, line));
  }
  EXPECT_EQ(play("nntp", {"200 hi\r\n", "101\r\nVERSION 2\r\n.\r\n"}),
            bad("CAPABILITIES\r\n", Stage::starttls, Fault::not_offered, "STARTTLS is not among the capabilities"));
}

TEST(Nntp, OtherGreetingsAndLimits) {
  EXPECT_EQ(play("nntp", {"400 busy\r\n"}), (Played{"", refused_us(Stage::greeting, Refusal::later, "400 busy")}));
  EXPECT_EQ(play("nntp", {"502 no\r\n"}), (Played{"", refused_us(Stage::greeting, Refusal::us, "502 no")}));
  EXPECT_EQ(play("nntp", {"503 too many\r\n"}), bad("", Stage::greeting, Fault::reply, "503 too many"));
  EXPECT_EQ(play("nntp", {"200 x\r\n", "500\r\n", "400 bye\r\n"}),
            (Played{"CAPABILITIES\r\nSTARTTLS\r\n", refused_us(Stage::starttls, Refusal::later, "400 bye")}));
  EXPECT_EQ(play("nntp", {"220 x\r\n"}), bad("", Stage::greeting, Fault::malformed, "220 x"));
  EXPECT_EQ(play("nntp", {"200 x\r\n", "hm\r\n"}), bad("CAPABILITIES\r\n", Stage::starttls, Fault::malformed, "hm"));
  EXPECT_EQ(fault_of_packets("nntp", {"200 x\r\n", "500\r\n", "382 go\r\nx"}), Fault::injected);
}

}  // namespace
}  // namespace danewatch

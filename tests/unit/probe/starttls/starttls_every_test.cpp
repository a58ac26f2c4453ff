// What holds for all ten dialogues alike (rows.md E-13 and E-31 to E-39): nothing depends on how replies are cut
// into packets, nothing is read beyond the go-ahead, replies of 40 kB are replies, and whatever comes there is an end.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/unit/probe/starttls/starttls_player.hpp"

namespace danewatch {
namespace {

using namespace std::string_view_literals;

using Replies = std::vector<std::string>;

struct Protocol {
  const char* service;
  Replies replies;       // to TLS
  Replies long_replies;  // the same with one of 40 kB
  Fault at_the_end;      // of the long ones: none, TLS begins
};

std::string repeated(std::string_view line, std::size_t octets = 40000) {
  std::string text;
  while (text.size() < octets) text += line;
  return text;
}

const std::string x500(500, 'x');

std::string ber(char tag, const std::string& content) {
  const std::string length{static_cast<char>(0x83), '\0', static_cast<char>(content.size() >> 8),
                           static_cast<char>(content.size())};
  return tag + length + content;
}

std::string ldap_response(const std::string& diagnostic) {
  using namespace std::string_literals;
  return ber('\x30', "\x02\x01\x01"s + ber('\x78', "\x0a\x01\x00\x04\x00"s + ber('\x04', diagnostic)));
}

std::string mysql_greeting(const std::string& version) {
  using namespace std::string_literals;
  const std::string payload = "\x0a" + version + "\0"s + std::string(12, 'c') + "\0\xff\xff"s + std::string(19, 'y');
  return std::string{static_cast<char>(payload.size()), static_cast<char>(payload.size() >> 8), '\0', '\0'} + payload;
}

std::string postgres_error(const std::string& text) {
  const std::string fields = "M" + text + std::string(2, '\0');
  const std::size_t length = fields.size() + 4;
  return std::string{'E', '\0', '\0', static_cast<char>(length >> 8), static_cast<char>(length)} + fields;
}

const std::string stream = "<?xml version='1.0'?><stream:stream id='a>b' version=\"1.0\">";
const std::string offer = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

std::vector<Protocol> protocols() {
  const std::string ehlo = "250-mx\r\n250 STARTTLS\r\n";
  const std::string sieve = "\"IMPLEMENTATION\" {5}\r\nOK\r\n!\r\n\"STARTTLS\"\r\nOK\r\n";
  return {
      {"smtp",
       {"220-mx\r\n220 hi\r\n", ehlo, "220 go\r\n"},
       {"220 hi\r\n", repeated("250-" + x500 + "\r\n") + ehlo, "220 go\r\n"},
       Fault::none},
      {"imap",
       {"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n", "* X {4}\r\na OK\r\na OK go\r\n"},
       {"* OK\r\n", repeated("* NO [ALERT] " + x500 + "\r\n") + "a OK\r\n"},
       Fault::none},
      {"pop3",
       {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n"},
       {"+OK\r\n", "+OK\r\n" + repeated(x500 + "\r\n") + "STLS\r\n.\r\n", "+OK\r\n"},
       Fault::none},
      {"sieve",
       {sieve, "OK \"go\"\r\n"},
       {repeated("\"X\" \"" + x500 + "\"\r\n") + sieve, "OK {40}\r\n" + std::string(40, 'x') + "\r\n"},
       Fault::none},
      {"ldap", {ldap_response("")}, {ldap_response(std::string(40000, 'd'))}, Fault::none},
      {"xmpp-client",
       {stream + "<stream:features>" + offer + "</stream:features>", "<proceed xmlns='x'></proceed>"},
       {stream + "<stream:features>" + repeated("<mechanism>" + x500 + "</mechanism>") + offer + "</stream:features>",
        "<proceed/>"},
       Fault::none},
      {"ftp",
       {"220-hi\r\n 421 no\r\n220 ready\r\n", "234 go\r\n"},
       {"220-hi\r\n" + repeated(x500 + "\r\n") + "220 ready\r\n", "234 go\r\n"},
       Fault::none},
      {"nntp",
       {"200 hi\r\n", "101\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n", "382 go\r\n"},
       {"200 hi\r\n", "101\r\n" + repeated(x500 + "\r\n") + "STARTTLS\r\n.\r\n", "382 go\r\n"},
       Fault::none},
      // Its yes is one octet; only its no can be long.
      {"postgres", {"S"}, {postgres_error(std::string(40000, 'e'))}, Fault::starttls_refused},
      {"mysql", {mysql_greeting("8.0.36")}, {mysql_greeting(std::string(40000, 'v'))}, Fault::none},
  };
}

class EveryDialogue : public testing::TestWithParam<Protocol> {
 protected:
  const Service& service() const { return *find_service(GetParam().service); }
};

std::string joined(const Replies& replies) {
  std::string all;
  for (const auto& reply : replies) all += reply;
  return all;
}

// In packets of any size.
Replies cut(const std::string& octets, std::mt19937& random) {
  Replies packets;
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t size = 1 + random() % (octets.size() - at);
    packets.push_back(octets.substr(at, size));
    at += size;
  }
  return packets;
}

TEST_P(EveryDialogue, PacketsMayBeCutAnywhere) {
  const Played expected = play(GetParam().service, GetParam().replies);
  EXPECT_EQ(expected.last, upgraded());
  std::mt19937 random(1);
  for (int i = 0; i < 200 && !HasFailure(); ++i) {
    EXPECT_EQ(play_packets(service(), cut(joined(GetParam().replies), random)), expected);
  }
}

TEST_P(EveryDialogue, AReplyOf40KilobytesIsAReply) {
  const Played played = play(GetParam().service, GetParam().long_replies);
  EXPECT_EQ(played.last.fault, GetParam().at_the_end) << played.last.error;
  EXPECT_EQ(played.last.kind == DialogueStep::Kind::upgrade, GetParam().at_the_end == Fault::none);
  EXPECT_LE(played.last.error.size(), 512U);
  EXPECT_GT(joined(GetParam().long_replies).size(), 40000U);
}

// So whoever reads octet by octet reads none of TLS.
TEST_P(EveryDialogue, NothingIsReadBeyondTheGoAhead) {
  const std::string octets = joined(GetParam().replies);
  Replies packets;
  for (const char octet : octets) {
    EXPECT_NE(play_packets(service(), packets).last.kind, DialogueStep::Kind::upgrade) << "after " << packets.size();
    packets.emplace_back(1, octet);
  }
  EXPECT_EQ(play_packets(service(), packets).last, upgraded());
}

TEST_P(EveryDialogue, E13AnOctetMoreIsInjected) {
  for (const std::string more : {"\n", "x", "\x16", " "}) {
    Replies replies = GetParam().replies;
    replies.back() += more;
    const DialogueStep last = play_packets(service(), replies).last;
    EXPECT_EQ(last.fault, Fault::injected) << last.error;
    EXPECT_EQ(last.error, more);
  }
}

// Instead of any reply, or in the middle of it: octets of one kind without end.
TEST_P(EveryDialogue, ThereIsAlwaysAnEnd) {
  const std::string octets = joined(GetParam().replies);
  for (const std::string_view endless : {"x"sv, "\r\n"sv, "\0"sv, "<x>"sv, "* 1\r\n"sv, "250-x\r\n"sv, "\x30\x83"sv}) {
    for (std::size_t at = 0; at < octets.size(); ++at) {
      const Played played = play_packets(service(), {octets.substr(0, at), repeated(endless, 70000)});
      ASSERT_EQ(played.last.kind, DialogueStep::Kind::fail) << at << " octets, then " << endless;
      ASSERT_LE(played.last.error.size(), 512U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Protocols, EveryDialogue, testing::ValuesIn(protocols()), [](const auto& test) {
  std::string name = test.param.service;
  std::erase(name, '-');
  return name;
});

TEST(EveryDialogueTable, HasThemAll) {
  std::set<StartTlsKind> wanted, here;
  for (const Service& service : services()) wanted.insert(service.start);
  for (const Protocol& protocol : protocols()) here.insert(find_service(protocol.service)->start);
  here.insert(StartTlsKind::implicit);
  EXPECT_EQ(here, wanted);
}

}  // namespace
}  // namespace danewatch

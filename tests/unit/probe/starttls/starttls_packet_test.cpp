// LDAP, XMPP, PostgreSQL and MySQL (rows.md E-33, E-34, E-38, E-39).
#include <gtest/gtest.h>

#include "resolver/dns/tlsa.hpp"
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

std::string octets(std::string_view hex) {
  const auto bytes = from_hex(hex).value();
  return {bytes.begin(), bytes.end()};
}

// --- LDAP

const std::string ldap_sent = octets("301d02010177188016312e332e362e312e342e312e313436362e3230303337");

// A BER element; `long_form` spends three octets on the length as some servers do.
std::string ber(int tag, const std::string& content, bool long_form = false) {
  std::string out(1, static_cast<char>(tag));
  if (long_form || content.size() > 127) {
    out += '\x83';
    out += static_cast<char>(content.size() >> 16);
    out += static_cast<char>(content.size() >> 8);
  }
  return out + static_cast<char>(content.size()) + content;
}

std::string ldap_response(int id, int code, const std::string& diagnostic = "", const std::string& more = "",
                          bool long_form = false) {
  const std::string body = ber(0x0a, std::string(1, static_cast<char>(code))) + ber(4, "") + ber(4, diagnostic) + more;
  return ber(0x30, ber(2, std::string(1, static_cast<char>(id))) + ber(0x78, body, long_form), long_form);
}

TEST(Ldap, E33ResultCodeZeroWithAndWithoutResponseName) {
  EXPECT_EQ(play("ldap", {ldap_response(1, 0)}), good(ldap_sent));
  EXPECT_EQ(play("ldap", {ldap_response(1, 0, "", ber(0x8a, "1.3.6.1.4.1.1466.20037"))}), good(ldap_sent));
}

TEST(Ldap, E33LongLengths) {
  EXPECT_EQ(play("ldap", {ldap_response(1, 0, "", "", true)}), good(ldap_sent));
  EXPECT_EQ(play("ldap", {ldap_response(1, 0, std::string(40000, 'x'))}), good(ldap_sent));
}

TEST(Ldap, E33Refusals) {
  const auto refused = [](std::string words) {
    return bad(ldap_sent, Stage::starttls, Fault::starttls_refused, std::move(words));
  };
  EXPECT_EQ(play("ldap", {ldap_response(1, 1)}), refused("resultCode 1 operationsError"));
  EXPECT_EQ(play("ldap", {ldap_response(1, 2, "unsupported")}), refused("resultCode 2 protocolError: unsupported"));
  EXPECT_EQ(play("ldap", {ldap_response(1, 52)}), refused("resultCode 52 unavailable"));
  EXPECT_EQ(play("ldap", {ldap_response(1, 53)}), refused("resultCode 53 unwillingToPerform"));
  EXPECT_EQ(play("ldap", {ldap_response(0, 0)}), refused("resultCode 0"));
}

// RFC 4511 4.1.10, 4.4.1: elsewhere, or later.
TEST(Ldap, ARedirectionSaysWhereTo) {
  const auto sent = [](Refusal why, std::string words) {
    return Played{ldap_sent, refused_us(Stage::starttls, why, std::move(words))};
  };
  const std::string referral = ber(0xa3, ber(4, "ldap://other.example.org/") + ber(4, "ldap://third.example.org/"));
  EXPECT_EQ(play("ldap", {ldap_response(1, 10, "see there", referral)}),
            sent(Refusal::elsewhere, "resultCode 10 referral: ldap://other.example.org/"));
  EXPECT_EQ(play("ldap", {ldap_response(1, 10, "see there")}),
            sent(Refusal::elsewhere, "resultCode 10 referral: see there"));
  EXPECT_EQ(play("ldap", {ldap_response(1, 10, "", ber(0xa3, "broken"))}),
            sent(Refusal::elsewhere, "resultCode 10 referral"));
  EXPECT_EQ(play("ldap", {ldap_response(1, 51)}), sent(Refusal::later, "resultCode 51 busy"));
  EXPECT_EQ(play("ldap", {ldap_response(0, 52, "going down")}),
            sent(Refusal::later, "resultCode 52 unavailable: going down"));
}

TEST(Ldap, E33WhatIsNoAnswerIsMalformed) {
  const auto malformed = [](const std::string& reply, std::string words) {
    EXPECT_EQ(play("ldap", {reply}), bad(ldap_sent, Stage::starttls, Fault::malformed, std::move(words)));
  };
  malformed("220 smtp\r\n", "not an LDAP message");
  malformed(octets("3080"), "not an LDAP message");
  malformed(octets("3084ffffffff"), "not an LDAP message");
  malformed(octets("3089010101010101010101"), "not an LDAP message");
  malformed(ldap_response(2, 0), "an answer to another request");
  malformed(octets("3000"), "not an LDAP ExtendedResponse");
  malformed(octets("30060201017801ff"), "not an LDAP ExtendedResponse");
  malformed(octets("300c02010161070a010004000400"), "not an LDAP ExtendedResponse");
}

TEST(Ldap, E13OctetsAfterTheResponse) {
  EXPECT_EQ(fault_of_packets("ldap", {ldap_response(1, 0) + "x"}), Fault::injected);
}

// --- XMPP

const std::string xmpp_sent =
    "<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
const std::string xmpp_starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const std::string header =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='a>b' from=\"example.org\" version='1.0'>";
const std::string features =
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
    "<mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features>";

TEST(Xmpp, E34ProceedEndsAtTheAngleBracket) {
  const Played up = good(xmpp_sent + xmpp_starttls);
  EXPECT_EQ(play("xmpp-client", {header, features, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}), up);
  EXPECT_EQ(play("xmpp-client", {header + "\n", " " + features, "\n<proceed xmlns='x'></proceed>"}), up);
  EXPECT_EQ(fault_of_packets("xmpp-client", {header, features, "<proceed/>\n"}), Fault::injected);
}

TEST(Xmpp, E34ServersSpeakTheOtherNamespace) {
  const Played played = play("xmpp-server", {header, features, "<proceed/>"});
  EXPECT_EQ(played.last, upgraded());
  EXPECT_NE(played.sent.find("xmlns='jabber:server'"), std::string::npos);
}

TEST(Xmpp, E34NotOffered) {
  const std::string words = "STARTTLS is not among the stream features";
  EXPECT_EQ(play("xmpp-client", {header, "<stream:features/>"}),
            bad(xmpp_sent, Stage::starttls, Fault::not_offered, words));
  EXPECT_EQ(play("xmpp-client", {header, "<stream:features><x>starttls</x></stream:features>"}),
            bad(xmpp_sent, Stage::starttls, Fault::not_offered, words));
  EXPECT_EQ(play("xmpp-client", {"<stream:stream from='example.org'>"}),
            bad(xmpp_sent, Stage::starttls, Fault::not_offered, "the stream is older than XMPP 1.0"));
}

TEST(Xmpp, E34RefusedByFailureErrorOrClosing) {
  const std::string all = xmpp_sent + xmpp_starttls;
  const auto refused = [](std::string sent, std::string words) {
    return bad(std::move(sent), Stage::starttls, Fault::starttls_refused, std::move(words));
  };
  EXPECT_EQ(play("xmpp-client", {header, features, "<failure xmlns='x'/>"}), refused(all, "failure"));
  EXPECT_EQ(play("xmpp-client", {header, features, "</stream:stream>"}), refused(all, "the server closed the stream"));
  EXPECT_EQ(play("xmpp-client", {header, "<stream:error><undefined-condition xmlns='x'/></stream:error>"}),
            refused(xmpp_sent, "stream error: undefined-condition"));
  EXPECT_EQ(play("xmpp-client", {header, "</stream:stream>"}), refused(xmpp_sent, "the server closed the stream"));
}

// RFC 6120 4.9.3: what the server says is about us, or about where else to go.
TEST(Xmpp, AStreamErrorThatRefusesUsSaysNothingAboutTls) {
  const auto said = [](const std::string& error, Refusal why, const std::string& words) {
    EXPECT_EQ(play("xmpp-client", {header, "<stream:error>" + error + "</stream:error></stream:stream>"}),
              (Played{xmpp_sent, refused_us(Stage::starttls, why, "stream error: " + words)}))
        << error;
  };
  said("<see-other-host xmlns='x'>[2001:db8::1]:9222</see-other-host>", Refusal::elsewhere,
       "see-other-host [2001:db8::1]:9222");
  said("<see-other-host xmlns='x'/>", Refusal::elsewhere, "see-other-host");
  said("<host-unknown xmlns='x'/>", Refusal::not_here, "host-unknown");
  said("<host-gone xmlns='x'></host-gone>", Refusal::not_here, "host-gone");
  said("<system-shutdown xmlns='x'/>", Refusal::later, "system-shutdown");
  said("<resource-constraint xmlns='x'/><text>too many</text>", Refusal::later, "resource-constraint");
  said("<policy-violation xmlns='x'/>", Refusal::us, "policy-violation");
}

TEST(Xmpp, E34NoEntitiesNoCommentsNoOtherProtocol) {
  const auto malformed = [](Stage stage, std::string words) {
    return bad(xmpp_sent, stage, Fault::malformed, std::move(words));
  };
  EXPECT_EQ(play("xmpp-client", {"<!DOCTYPE x [<!ENTITY a 'b'>]>"}),
            malformed(Stage::greeting, "markup that XMPP forbids"));
  EXPECT_EQ(play("xmpp-client", {header, "<!-- hi -->"}), malformed(Stage::starttls, "markup that XMPP forbids"));
  EXPECT_EQ(play("xmpp-client", {"220 smtp\r\n"}), malformed(Stage::greeting, "not an XML stream"));
  EXPECT_EQ(play("xmpp-client", {"<html>"}), malformed(Stage::greeting, "not an XMPP stream"));
}

TEST(Xmpp, E34SizeIsBounded) {
  const Played played = play("xmpp-client", {header, "<x a='" + std::string(40000, 'y') + "'/>"});
  EXPECT_EQ(played.last.fault, Fault::too_long);
  EXPECT_EQ(play("xmpp-client", {header, std::string(40000, 'y')}).last.fault, Fault::too_long);
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<x>";
  EXPECT_EQ(fault_of_packets("xmpp-client", {header, deep, deep}), Fault::too_long);
}

TEST(Xmpp, DomainCannotBreakOutOfTheHeader) {
  const auto dialogue = make_dialogue(*find_service("xmpp-client"), {"probe", "a'b<c>&\"d"});
  EXPECT_NE(dialogue->start().bytes.find("to='abcd'"), std::string::npos);
  EXPECT_EQ(dialogue->goodbye(), "</stream:stream>");
}

// --- PostgreSQL

const std::string postgres_sent = octets("0000000804d2162f");

TEST(Postgres, E38OneOctetDecides) {
  EXPECT_EQ(play("postgres", {"S"}), good(postgres_sent));
  EXPECT_EQ(play("postgres", {"N"}), bad(postgres_sent, Stage::starttls, Fault::starttls_refused, "N"));
  EXPECT_EQ(play("postgres", {"\x15"}), bad(postgres_sent, Stage::starttls, Fault::malformed, "\x15"));
}

TEST(Postgres, E38AnythingBufferedIsInjected) {
  EXPECT_EQ(fault_of_packets("postgres", {"SE"}), Fault::injected);
  EXPECT_EQ(fault_of_packets("postgres", {"SSH-2.0-OpenSSH\r\n"}), Fault::injected);
}

TEST(Postgres, E38AnErrorTellsItsText) {
  const std::string fields("SFATAL\0C53300\0Mtoo many connections\0\0", 37);
  std::string error = "E" + std::string("\0\0\0\x29", 4) + fields;
  EXPECT_EQ(play("postgres", {error}),
            (Played{postgres_sent, refused_us(Stage::starttls, Refusal::later, "too many connections")}));
  EXPECT_EQ(play("postgres", {"E" + octets("00000005") + "S"}).last.error, "E");
  EXPECT_EQ(play("postgres", {"E" + octets("ffffffff")}).last.error, "E");
}

std::string postgres_error(const std::string& state, const std::string& words) {
  using namespace std::string_literals;
  const std::string fields = "SFATAL\0"s + "C" + state + "\0"s + "M" + words + "\0\0"s;
  return "E" + std::string("\0\0\0", 3) + static_cast<char>(fields.size() + 4) + fields;
}

TEST(Postgres, AnErrorAboutUsSaysNothingAboutTls) {
  const auto said = [](Refusal why, std::string words) {
    return Played{postgres_sent, refused_us(Stage::starttls, why, std::move(words))};
  };
  EXPECT_EQ(play("postgres", {postgres_error("53300", "sorry, too many clients already")}),
            said(Refusal::later, "sorry, too many clients already"));
  EXPECT_EQ(play("postgres", {postgres_error("57P03", "the database system is starting up")}),
            said(Refusal::later, "the database system is starting up"));
  EXPECT_EQ(play("postgres", {postgres_error("28000", "no entry for host")}), said(Refusal::us, "no entry for host"));
  // Older than SSLRequest: about what was asked.
  EXPECT_EQ(play("postgres", {postgres_error("0A000", "unsupported frontend protocol")}),
            bad(postgres_sent, Stage::starttls, Fault::starttls_refused, "unsupported frontend protocol"));
  // In the form of protocol 2, where no session could begin.
  EXPECT_EQ(play("postgres", {std::string("Ecould not fork new process\n\0", 29)}),
            said(Refusal::later, "could not fork new process\n"));
}

// --- MySQL

std::string mysql_packet(const std::string& payload) {
  std::string out(1, static_cast<char>(payload.size()));
  out += static_cast<char>(payload.size() >> 8);
  out += static_cast<char>(payload.size() >> 16);
  return out + '\0' + payload;
}

std::string mysql_greeting(int flags, const std::string& version = "8.0.36") {
  std::string payload = "\x0a" + version + '\0' + std::string(13, 'x');
  payload.back() = '\0';
  payload += static_cast<char>(flags);
  payload += static_cast<char>(flags >> 8);
  return mysql_packet(payload + std::string(19, 'y'));
}

const std::string mysql_sent =
    octets("20000001008a00000000000121") + std::string(23, '\0');  // SSLRequest: 32 octets after the header

TEST(Mysql, E39TlsFollowsTheRequestWithoutAnAnswer) {
  EXPECT_EQ(play("mysql", {mysql_greeting(0xffff)}), good(mysql_sent));
  EXPECT_EQ(play("mysql", {mysql_greeting(0x0800, std::string(40000, 'v'))}), good(mysql_sent));
  EXPECT_EQ(mysql_sent.size(), 36U);
  EXPECT_EQ(fault_of_packets("mysql", {mysql_greeting(0xffff) + "x"}), Fault::injected);
}

TEST(Mysql, E39FlagMissingOrErrorInsteadOfGreeting) {
  EXPECT_EQ(play("mysql", {mysql_greeting(0xf7ff)}),
            bad("", Stage::starttls, Fault::not_offered, "TLS is not among the capabilities"));
  EXPECT_EQ(play("mysql", {mysql_packet("\xff\x10\x04Too many connections")}),
            (Played{"", refused_us(Stage::greeting, Refusal::later, "Too many connections")}));
  EXPECT_EQ(play("mysql", {mysql_packet("\xff\x6a\x04Host is not allowed")}),
            (Played{"", refused_us(Stage::greeting, Refusal::us, "Host is not allowed")}));
  EXPECT_EQ(play("mysql", {mysql_packet("\xff\x01\x04strange")}), bad("", Stage::greeting, Fault::reply, "strange"));
}

TEST(Mysql, E39WhatIsNoGreeting) {
  EXPECT_EQ(play("mysql", {mysql_packet("\x09old")}).last.fault, Fault::malformed);
  EXPECT_EQ(play("mysql", {mysql_packet("\x0a")}).last.fault, Fault::malformed);
  EXPECT_EQ(play("mysql", {mysql_packet("\x0a"
                                        "8.0" +
                                        std::string(12, '\0'))})
                .last.fault,
            Fault::malformed);
  EXPECT_EQ(play("mysql", {mysql_packet("")}).last.fault, Fault::malformed);
  EXPECT_EQ(play("mysql", {"\xff\xff\xff" + std::string(1, '\0')}).last.fault, Fault::too_long);
}

}  // namespace
}  // namespace danewatch

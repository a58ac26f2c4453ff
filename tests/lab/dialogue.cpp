#include "tests/lab/dialogue.hpp"

#include <strings.h>

#include <algorithm>

namespace danewatch::lab {
namespace {

// The one answer to the request for TLS, and what the protocol says instead.
Answer tls(Offer offer, std::string request, std::string yes, std::string no, std::string unknown) {
  if (offer == Offer::offered) return {std::move(request), std::move(yes), true, false};
  return {std::move(request), offer == Offer::refused ? std::move(no) : std::move(unknown), false, false};
}

std::string if_offered(Offer offer, const char* line) {
  return offer == Offer::absent ? "" : line;
}

Dialogue smtp(Offer offer, const std::string& host) {
  const auto ok = "250 " + host + "\r\n";
  return {
      "220 " + host + " ESMTP\r\n",
      '\n',
      0,
      {{"EHLO", "250-" + host + "\r\n" + if_offered(offer, "250-STARTTLS\r\n") + "250 8BITMIME\r\n"},
       tls(offer, "STARTTLS", "220 2.0.0 Go ahead\r\n", "454 4.7.0 TLS not available\r\n", "502 5.5.1 Not here\r\n"),
       {"QUIT", "221 2.0.0 Bye\r\n", false, true},
       {"HELO", ok},
       {"NOOP", ok},
       {"RSET", ok}},
      "502 5.5.1 Not in this lab\r\n"};
}

Dialogue imap(Offer offer, const std::string& host) {
  const auto capabilities = "CAPABILITY IMAP4rev1" + if_offered(offer, " STARTTLS");
  return {"* OK [" + capabilities + "] " + host + " ready\r\n",
          '\n',
          0,
          {tls(offer, "a STARTTLS", "* 1 EXISTS\r\na OK Begin\r\n", "a NO no certificate\r\n", "a BAD what?\r\n"),
           {"b CAPABILITY", "* " + capabilities + "\r\nb OK\r\n"},
           {"b LOGOUT", "* BYE\r\nb OK\r\n", false, true},
           {"c LOGOUT", "* BYE\r\nc OK\r\n", false, true}},
          "* BAD what?\r\n"};
}

Dialogue pop3(Offer offer, const std::string& host) {
  return {"+OK " + host + " ready\r\n",
          '\n',
          0,
          {{"CAPA", "+OK\r\nUSER\r\n" + if_offered(offer, "STLS\r\n") + ".\r\n"},
           tls(offer, "STLS", "+OK Begin\r\n", "-ERR no certificate\r\n", "-ERR what?\r\n"),
           {"QUIT", "+OK\r\n", false, true}},
          "-ERR what?\r\n"};
}

// The capabilities come again after TLS (RFC 5804 2.2).
Dialogue sieve(Offer offer, const std::string& host) {
  const auto capabilities = "\"IMPLEMENTATION\" \"" + host + "\"\r\n\"SIEVE\" {8}\r\nfileinto\r\n" +
                            if_offered(offer, "\"STARTTLS\"\r\n") + "OK\r\n";
  return {capabilities,
          '\n',
          0,
          {tls(offer, "STARTTLS", "OK \"Begin\"\r\n", "NO \"no certificate\"\r\n", "NO \"what?\"\r\n"),
           {"LOGOUT", "OK\r\n", false, true}},
          "NO \"what?\"\r\n",
          capabilities};
}

Dialogue ftp(Offer offer, const std::string& host) {
  return {"220-" + host + "\r\n 421 is no reply here\r\n220 ready\r\n",
          '\n',
          0,
          {tls(offer, "AUTH TLS", "234 Begin\r\n", "431 no certificate\r\n", "502 what?\r\n"),
           {"QUIT", "221 Bye\r\n", false, true}},
          "502 what?\r\n"};
}

Dialogue nntp(Offer offer, const std::string& host) {
  return {"201 " + host + " ready\r\n",
          '\n',
          0,
          {{"CAPABILITIES", "101 list\r\nVERSION 2\r\n" + if_offered(offer, "STARTTLS\r\n") + ".\r\n"},
           tls(offer, "STARTTLS", "382 Begin\r\n", "580 no certificate\r\n", "500 what?\r\n"),
           {"QUIT", "205 Bye\r\n", false, true}},
          "500 what?\r\n"};
}

Dialogue xmpp(Offer offer, const std::string& host) {
  const std::string feature = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
  return {"",
          '>',
          0,
          {{"<?xml", ""},
           {"<stream:stream", "<?xml version='1.0'?><stream:stream id='1' from='" + host +
                                  "' version='1.0' xmlns:stream='http://etherx.jabber.org/streams'><stream:features>" +
                                  if_offered(offer, feature.c_str()) + "</stream:features>"},
           tls(offer, "<starttls", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
               "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>", "</stream:stream>")},
          "</stream:stream>"};
}

// LDAPMessage 1 with an ExtendedResponse; without the responseName, which is optional (RFC 4511 4.14.2).
std::string ldap_response(char code) {
  using namespace std::string_literals;
  return "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01"s + code + "\x04\x00\x04\x00"s;
}

Dialogue ldap(Offer offer) {
  constexpr std::size_t starttls_octets = 31;
  return {"",
          '\n',
          starttls_octets,
          {tls(offer, "\x30\x1d", ldap_response(0), ldap_response(52), ldap_response(2))},
          ldap_response(2)};
}

Dialogue postgres(Offer offer) {
  using namespace std::string_literals;
  const auto error = "E\x00\x00\x00\x12"s + "Mno TLS here\x00\x00"s;
  return {"", '\n', 8, {tls(offer, "", "S", error, "N")}, "N"};
}

// The flag says whether there is TLS; there is nothing to refuse later.
Dialogue mysql(Offer offer) {
  using namespace std::string_literals;
  const auto flags = offer == Offer::offered ? "\xff\xff"s : "\xff\xf7"s;
  auto greeting = "\x0a"s + "8.0.36\x00"s + std::string(12, 'x') + "\x00"s + flags + std::string(19, 'y');
  greeting.insert(0, std::string(1, static_cast<char>(greeting.size())) + "\x00\x00\x00"s);
  if (offer == Offer::refused) greeting = "\x17\x00\x00\x00\xff\x10\x04"s + "Too many connections";
  return {greeting, '\n', 36, {tls(offer, "", "", "", "")}, ""};
}

}  // namespace

std::optional<Dialogue> dialogue_of(std::uint16_t port, Offer offer, const std::string& host) {
  switch (port) {
    case 25:
    case 587:
      return smtp(offer, host);
    case 143:
      return imap(offer, host);
    case 110:
      return pop3(offer, host);
    case 4190:
      return sieve(offer, host);
    case 389:
      return ldap(offer);
    case 5222:
    case 5269:
      return xmpp(offer, host);
    case 21:
      return ftp(offer, host);
    case 119:
      return nntp(offer, host);
    case 5432:
      return postgres(offer);
    case 3306:
      return mysql(offer);
    default:
      return std::nullopt;
  }
}

std::optional<std::string> take_request(const Dialogue& dialogue, std::string& in) {
  std::size_t size = dialogue.octets;
  if (size == 0) {
    const auto end = in.find(dialogue.end);
    if (end == std::string::npos) return std::nullopt;
    size = end + 1;
  }
  if (in.size() < size) return std::nullopt;
  auto request = in.substr(0, size);
  in.erase(0, size);
  return request;
}

Answer answer_to(const Dialogue& dialogue, const std::string& request) {
  const auto fits = [&](const Answer& answer) {
    return strncasecmp(request.c_str(), answer.request.c_str(), answer.request.size()) == 0;
  };
  const auto found = std::ranges::find_if(dialogue.answers, fits);
  return found != dialogue.answers.end() ? *found : Answer{"", dialogue.otherwise, false, false};
}

}  // namespace danewatch::lab

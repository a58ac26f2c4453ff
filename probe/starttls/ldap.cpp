#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/packets.hpp"

namespace danewatch {
namespace {

constexpr std::uint8_t sequence_tag = 0x30;
constexpr std::uint8_t integer_tag = 0x02;
constexpr std::uint8_t enumerated_tag = 0x0a;
constexpr std::uint8_t octet_string_tag = 0x04;
constexpr std::uint8_t extended_response_tag = 0x78;
constexpr std::uint8_t referral_tag = 0xa3;
constexpr unsigned referral = 10, busy = 51, unavailable = 52;  // resultCode
constexpr std::size_t max_number = 4;                           // octets

struct Element {
  std::uint8_t tag = 0;
  std::string_view content;
  std::size_t size = 0;  // with tag and length
};

enum class Ber { whole, cut, broken };

// The element at the start of `in`: definite lengths only, as LDAP demands (RFC 4511 5.1), short or long form.
Ber read_element(std::string_view in, Element& out) {
  if (in.size() < 2) return Ber::cut;
  std::size_t length = octet_at(in, 1);
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t octets = length - 0x80;
    if (octets == 0 || octets > 8) return Ber::broken;
    if (in.size() < 2 + octets) return Ber::cut;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) {
      if (length > max_dialogue_octets) return Ber::broken;
      length = length * 256 + octet_at(in, 2 + i);
    }
    header += octets;
  }
  if (length > max_dialogue_octets) return Ber::broken;
  if (in.size() - header < length) return Ber::cut;
  out = {octet_at(in, 0), in.substr(header, length), header + length};
  return Ber::whole;
}

// The next element of a constructed one, which must have this tag.
std::optional<std::string_view> take_element(std::string_view& in, std::uint8_t tag) {
  Element element;
  if (read_element(in, element) != Ber::whole || element.tag != tag) return std::nullopt;
  in.remove_prefix(element.size);
  return element.content;
}

std::optional<unsigned> take_number(std::string_view& in, std::uint8_t tag) {
  const auto content = take_element(in, tag);
  if (!content || content->empty() || content->size() > max_number || octet_at(*content, 0) >= 0x80) {
    return std::nullopt;
  }
  unsigned number = 0;
  for (std::size_t i = 0; i < content->size(); ++i) number = number * 256 + octet_at(*content, i);
  return number;
}

std::string words_of(unsigned code, std::string_view diagnostic) {
  struct Name {
    unsigned code;
    std::string_view name;
  };
  // RFC 4511 4.1.9, as far as a server may answer so to StartTLS.
  constexpr Name names[] = {{1, " operationsError"},
                            {2, " protocolError"},
                            {8, " strongerAuthRequired"},
                            {10, " referral"},
                            {11, " adminLimitExceeded"},
                            {13, " confidentialityRequired"},
                            {50, " insufficientAccessRights"},
                            {51, " busy"},
                            {52, " unavailable"},
                            {53, " unwillingToPerform"},
                            {80, " other"}};
  const auto* known = std::ranges::find(names, code, &Name::code);
  const std::string_view name = known == std::end(names) ? std::string_view{} : known->name;
  return fmt::format("resultCode {}{}{}{}", code, name, diagnostic.empty() ? "" : ": ", diagnostic);
}

// RFC 4511 4.1.10: where else to ask.
std::optional<std::string_view> first_uri(std::string_view rest_of_result) {
  auto uris = take_element(rest_of_result, referral_tag);
  return uris ? take_element(*uris, octet_string_tag) : std::nullopt;
}

// StartTLS, RFC 4511 4.14: one extended operation as message 1.
class LdapDialogue final : public PacketDialogue {
 public:
  LdapDialogue() : PacketDialogue(Stage::starttls) {}
  DialogueStep start() override;
  std::string_view goodbye() const override { return {"\x30\x05\x02\x01\x02\x42\x00", 7}; }  // UnbindRequest

 private:
  DialogueStep on_octets(std::string_view gathered) override;
  DialogueStep on_message(std::string_view message) const;
};

DialogueStep LdapDialogue::start() {
  return send_step(std::string("\x30\x1d\x02\x01\x01\x77\x18\x80\x16", 9) + "1.3.6.1.4.1.1466.20037");
}

DialogueStep LdapDialogue::on_octets(std::string_view gathered) {
  constexpr std::string_view no_ldap = "not an LDAP message";
  Element message;
  if (!gathered.empty() && octet_at(gathered, 0) != sequence_tag) return fail(Fault::malformed, no_ldap);
  switch (read_element(gathered, message)) {
    case Ber::cut:
      return need_more();
    case Ber::broken:
      return fail(Fault::malformed, no_ldap);
    case Ber::whole:
      break;
  }
  take(message.size);
  return on_message(message.content);
}

DialogueStep LdapDialogue::on_message(std::string_view message) const {
  const auto id = take_number(message, integer_tag);
  auto response = take_element(message, extended_response_tag);
  if (!id || !response) return fail(Fault::malformed, "not an LDAP ExtendedResponse");
  const auto code = take_number(*response, enumerated_tag);
  const auto matched = take_element(*response, octet_string_tag);
  const auto diagnostic = take_element(*response, octet_string_tag);
  // responseName may be absent and tells nothing new (RFC 4511 4.14.2).
  if (!code || !matched || !diagnostic) return fail(Fault::malformed, "not an LDAP ExtendedResponse");
  // Message 0 is an unsolicited notice: the server is going to disconnect (RFC 4511 4.4.1).
  if (*id > 1) return fail(Fault::malformed, "an answer to another request");
  if (*id == 1 && *code == 0) return upgrade_step();
  if (*code == referral) return refuse(Refusal::elsewhere, words_of(*code, first_uri(*response).value_or(*diagnostic)));
  // A notice of disconnection (RFC 4511 4.4.1) is about the server as a whole.
  const bool later = *code == busy || (*id == 0 && *code == unavailable);
  const std::string words = words_of(*code, *diagnostic);
  return later ? refuse(Refusal::later, words) : fail(Fault::starttls_refused, words);
}

}  // namespace

std::unique_ptr<StartTls> ldap_dialogue() {
  return std::make_unique<LdapDialogue>();
}

}  // namespace danewatch

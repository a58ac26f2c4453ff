#include "resolver/servers/server_answers.hpp"

#include <algorithm>
#include <tuple>

namespace danewatch {

std::string_view to_string(Transport transport) {
  return transport == Transport::udp ? "udp" : "tcp";
}

std::string_view to_string(Contact contact) {
  switch (contact) {
    case Contact::answered:
      return "answered";
    case Contact::refused:
      return "refused";
    case Contact::silent:
      return "silent";
    case Contact::unreachable:
      return "unreachable";
    case Contact::malformed:
      return "malformed";
  }
  return "silent";
}

std::string_view to_string(Unasked unasked) {
  switch (unasked) {
    case Unasked::none:
      return "";
    case Unasked::not_global:
      return "not-global";
    case Unasked::no_route:
      return "no-route";
    case Unasked::no_time:
      return "no-time";
    case Unasked::too_many:
      return "too-many";
  }
  return "";
}

std::string_view to_string(SignatureCheck check) {
  switch (check) {
    case SignatureCheck::missing:
      return "missing";
    case SignatureCheck::unchecked:
      return "unchecked";
    case SignatureCheck::no_key:
      return "no-key";
    case SignatureCheck::wrong:
      return "wrong";
    case SignatureCheck::right:
      return "right";
  }
  return "unchecked";
}

const ServerReply* reply_to(const ServerAnswers& server, const Question& question, Transport transport) {
  const auto found = std::ranges::find_if(server.replies, [&](const ServerReply& reply) {
    return reply.question == question && reply.transport == transport;
  });
  return found == server.replies.end() ? nullptr : &*found;
}

// RFC 2308 2: a denial is an answer too.
bool is_good(const ServerReply& reply) {
  const bool told = reply.rcode == 0 || reply.rcode == 3;
  return reply.contact == Contact::answered && reply.authoritative && told && !reply.truncated;
}

const ServerReply* good_reply(const ServerAnswers& server, const Question& question) {
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    const ServerReply* reply = reply_to(server, question, transport);
    if (reply != nullptr && is_good(*reply)) return reply;
  }
  return nullptr;
}

std::optional<std::uint32_t> serial_of(const ServerAnswers& server) {
  std::optional<std::uint32_t> newest;
  for (const ServerReply& reply : server.replies) {
    if (!reply.serial || !is_good(reply)) continue;
    if (!newest || is_before(*newest, *reply.serial)) newest = reply.serial;
  }
  return newest;
}

bool is_before(std::uint32_t serial, std::uint32_t other) {
  constexpr std::uint32_t half = 0x80000000U;
  return serial != other && other - serial < half;
}

std::vector<TlsaRecord> tlsa_of(const std::vector<Rdata>& data, const std::string& owner) {
  std::vector<TlsaRecord> records;
  for (const Rdata& rdata : data) {
    const auto* record = std::get_if<TlsaRecord>(&rdata.value);
    records.push_back(record != nullptr ? *record : tlsa_from_rdata(owner, {}));
  }
  const auto key = [](const TlsaRecord& r) {
    return std::tie(r.truncated, r.usage, r.selector, r.matching_type, r.data);
  };
  std::ranges::stable_sort(records, [&](const TlsaRecord& a, const TlsaRecord& b) { return key(a) < key(b); });
  records.erase(std::unique(records.begin(), records.end(), same_association), records.end());
  return records;
}

}  // namespace danewatch

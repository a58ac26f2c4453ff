#include "tests/lab/odd_dns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <sstream>

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::lab {
namespace {

constexpr std::size_t header_length = 12;
constexpr std::uint8_t edns_octets[] = {0, 0, 41, 4, 208, 0, 0, 128, 0, 0, 0};  // 1232 octets, DO

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using Packet = std::unique_ptr<ldns_pkt, Deleter<ldns_pkt_free>>;
using Record = std::unique_ptr<ldns_rr, Deleter<ldns_rr_free>>;
using Octets = std::unique_ptr<std::uint8_t, Deleter<std::free>>;

// The end of the question section; 0 for a message that is none.
std::size_t end_of_question(const Message& message) {
  std::size_t at = header_length;
  while (at < message.size() && message[at] != 0) at += 1U + message[at];
  return at + 5 <= message.size() ? at + 5 : 0;
}

bool is_denial(const ldns_rr* record) {
  auto type = ldns_rr_get_type(record);
  if (type == LDNS_RR_TYPE_RRSIG) type = ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(record));
  return type == LDNS_RR_TYPE_NSEC || type == LDNS_RR_TYPE_NSEC3;
}

Message to_wire(const ldns_pkt* packet) {
  std::uint8_t* octets = nullptr;
  std::size_t length = 0;
  if (ldns_pkt2wire(&octets, packet, &length) != LDNS_STATUS_OK) return {};
  const Octets owned(octets);
  return {octets, octets + length};
}

void append_record(Message& message, const std::string& line) {
  ldns_rr* parsed = nullptr;
  if (ldns_rr_new_frm_str(&parsed, line.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK) return;
  const Record record(parsed);
  std::uint8_t* octets = nullptr;
  std::size_t length = 0;
  if (ldns_rr2wire(&octets, parsed, LDNS_SECTION_ANSWER, &length) != LDNS_STATUS_OK) return;
  const Octets owned(octets);
  message.insert(message.end(), octets, octets + length);
}

}  // namespace

std::uint16_t type_number(const std::string& type) {
  return static_cast<std::uint16_t>(ldns_get_rr_type_by_name(type.c_str()));
}

std::optional<AskedFor> asked_for(const Message& query) {
  const auto end = end_of_question(query);
  if (end == 0) return std::nullopt;
  AskedFor asked;
  for (std::size_t at = header_length; query[at] != 0; at += 1U + query[at]) {
    if (!asked.name.empty()) asked.name += '.';
    for (std::size_t i = 1; i <= query[at]; ++i) asked.name += static_cast<char>(std::tolower(query[at + i]));
  }
  asked.type = static_cast<std::uint16_t>(query[end - 4] << 8 | query[end - 3]);
  return asked;
}

const OddAnswer* rule_for(const std::vector<OddAnswer>& rules, const AskedFor& asked) {
  for (const auto& rule : rules) {
    const bool name_fits = rule.name == "*" || rule.name == asked.name;
    if (name_fits && (rule.type == "*" || type_number(rule.type) == asked.type)) return &rule;
  }
  return nullptr;
}

Message with_rcode(Message reply, std::uint8_t rcode) {
  if (reply.size() >= header_length) reply[3] = static_cast<std::uint8_t>((reply[3] & 0xf0) | rcode);
  return reply;
}

Message error_reply(const Message& query, std::uint8_t rcode) {
  return with_rcode(reply_with(query, {}), rcode);
}

Message reply_with(const Message& query, const std::vector<std::string>& lines) {
  Message reply(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(end_of_question(query)));
  if (reply.empty()) return reply;
  reply[2] = static_cast<std::uint8_t>(0x84 | (reply[2] & 0x01));  // an authoritative reply
  reply[3] = 0;
  std::fill(reply.begin() + 6, reply.begin() + header_length, std::uint8_t{0});
  reply[7] = static_cast<std::uint8_t>(lines.size());
  reply[11] = 1;
  for (const auto& line : lines) append_record(reply, line);
  reply.insert(reply.end(), std::begin(edns_octets), std::end(edns_octets));
  return reply;
}

Message without_authority(Message reply) {
  if (reply.size() >= header_length) reply[2] &= 0xfb;
  return reply;
}

Message counted_down(const Message& reply) {
  static std::uint32_t seconds = 0;
  constexpr std::uint32_t round = 200;
  ldns_pkt* parsed = nullptr;
  if (ldns_wire2pkt(&parsed, reply.data(), reply.size()) != LDNS_STATUS_OK) return {};
  const Packet packet(parsed);
  seconds = (seconds + 1) % round;
  for (auto* section : {ldns_pkt_answer(parsed), ldns_pkt_authority(parsed)}) {
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(section); ++i) {
      auto* record = ldns_rr_list_rr(section, i);
      if (ldns_rr_ttl(record) > seconds) ldns_rr_set_ttl(record, ldns_rr_ttl(record) - seconds);
    }
  }
  return to_wire(parsed);
}

Message without_denial(const Message& reply) {
  ldns_pkt* parsed = nullptr;
  if (ldns_wire2pkt(&parsed, reply.data(), reply.size()) != LDNS_STATUS_OK) return {};
  const Packet packet(parsed);
  const auto* authority = ldns_pkt_authority(parsed);
  auto* kept = ldns_rr_list_new();
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(authority); ++i) {
    const auto* record = ldns_rr_list_rr(authority, i);
    if (!is_denial(record)) ldns_rr_list_push_rr(kept, ldns_rr_clone(record));
  }
  ldns_rr_list_deep_free(ldns_pkt_authority(parsed));
  ldns_pkt_set_authority(parsed, kept);
  ldns_pkt_set_nscount(parsed, static_cast<std::uint16_t>(ldns_rr_list_rr_count(kept)));
  return to_wire(parsed);
}

std::vector<std::string> take_rrset(std::string& zone_text, const std::string& owner, const std::string& type) {
  std::vector<std::string> taken;
  std::string kept;
  std::istringstream in(zone_text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name, ttl, in_class, of_type, covered;
    words >> name >> ttl >> in_class >> of_type >> covered;
    const bool same_type = type_number(of_type) == type_number(type) || (of_type == "RRSIG" && covered == type);
    if (name == owner + "." && same_type) {
      taken.push_back(line);
    } else {
      kept += line + "\n";
    }
  }
  zone_text = std::move(kept);
  return taken;
}

}  // namespace danewatch::lab

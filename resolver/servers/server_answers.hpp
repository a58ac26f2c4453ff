// Pure: what the name servers of a zone answered, each asked by its address: no resolver and no cache in between.
//
// Facts only: which of them is right is for others to say. What is text here came from the network, bounded in length.
// Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/answer.hpp"
#include "resolver/servers/server_path.hpp"
#include "resolver/wire/reply.hpp"

namespace danewatch {

enum class Transport { udp, tcp };

// One question to one address.
struct ServerReply {
  Question question;
  Transport transport = Transport::udp;
  Contact contact = Contact::silent;  // but for `answered` nothing of the following is known
  int rcode = 0;
  bool authoritative = false;
  bool truncated = false;
  std::optional<ExtendedError> extended_error;
  std::vector<Rdata> data;           // of the very question, in the order received
  std::optional<std::string> alias;  // where the asked name is one
  std::optional<std::uint32_t> ttl;  // as received: an authoritative server's own
  std::optional<std::uint32_t> serial;
  std::vector<SignedSet> signatures;
  std::optional<double> milliseconds;

  bool operator==(const ServerReply&) const = default;
};

// Why an address was not asked, or not to the end: limits of ours, all of them.
enum class Unasked { none, not_global, no_route, no_time, too_many };

// One address of one name server.
struct ServerAnswers {
  std::string name;  // as the NS record has it
  Address address;
  bool at_parent = false;  // listed in the delegation
  bool at_child = false;   // listed in the zone itself
  bool by_glue = false;    // the address is told by the parent
  bool by_name = false;    // and by the name's own address records
  Unasked unasked = Unasked::none;
  std::string nsid;                  // which of many machines it was (RFC 5001); octets as received
  std::vector<ServerReply> replies;  // in the order asked

  bool operator==(const ServerAnswers&) const = default;
};

struct ZoneServers {
  std::string zone;
  bool secure = false;                 // its keys are proven, so that signatures could be checked
  std::vector<std::string> at_parent;  // names of the delegation, sorted; empty: not known
  std::vector<std::string> at_child;   // of the zone's own NS records, sorted
  std::vector<ServerAnswers> servers;  // by name, IPv4 first
  std::size_t servers_cut = 0;         // names that our limit left out

  bool operator==(const ZoneServers&) const = default;
};

// Of all zones that a report rests on.
struct NameServers {
  enum class Asked {
    no,         // nobody wanted it
    forwarder,  // the operator has everything asked through other resolvers
    yes
  };
  Asked asked = Asked::no;
  SysTime at{};  // when they were
  std::vector<ZoneServers> zones;

  bool operator==(const NameServers&) const = default;
};

std::string_view to_string(Transport transport);
std::string_view to_string(Contact contact);
std::string_view to_string(Unasked unasked);
std::string_view to_string(SignatureCheck check);

// Null: it was not asked so.
const ServerReply* reply_to(const ServerAnswers& server, const Question& question, Transport transport);
// Of the two transports the one that has an answer with authority; null where neither has.
const ServerReply* good_reply(const ServerAnswers& server, const Question& question);
bool is_good(const ServerReply& reply);

// The newest that the server told (RFC 1982).
std::optional<std::uint32_t> serial_of(const ServerAnswers& server);
// RFC 1982 3.2: false also where neither is before the other.
bool is_before(std::uint32_t serial, std::uint32_t other);

// The distinct TLSA records of a reply, in an order of their own.
std::vector<TlsaRecord> tlsa_of(const std::vector<Rdata>& data, const std::string& owner);

}  // namespace danewatch

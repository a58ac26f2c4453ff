// DNS messages that no honest name server would send: how an odd zone's answer differs from the true one.
//
// Pure: bytes in, bytes out. Only hears questions of the lab's own programs; a message it cannot read yields nothing.
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/lab/world.hpp"

namespace danewatch::lab {

using Message = std::vector<std::uint8_t>;

struct AskedFor {
  std::string name;  // lower case, without final dot
  std::uint16_t type = 0;
};

std::optional<AskedFor> asked_for(const Message& query);

// The first rule for this question; nullptr: the zone answers as it is.
const OddAnswer* rule_for(const std::vector<OddAnswer>& rules, const AskedFor& asked);

// A reply without records.
Message error_reply(const Message& query, std::uint8_t rcode);

// A reply with these zone lines as its answer.
Message reply_with(const Message& query, const std::vector<std::string>& lines);

Message with_rcode(Message reply, std::uint8_t rcode);
Message without_authority(Message reply);      // the bit alone
Message counted_down(const Message& reply);    // TTLs as a cache has them, a second less with every reply
Message without_denial(const Message& reply);  // no NSEC, NSEC3 nor their signatures

// 0 for a type ldns does not know.
std::uint16_t type_number(const std::string& type);

// Takes the lines of one RRset and its signatures out of signed zone text (as zone_signer.hpp writes it).
std::vector<std::string> take_rrset(std::string& zone_text, const std::string& owner, const std::string& type);

}  // namespace danewatch::lab

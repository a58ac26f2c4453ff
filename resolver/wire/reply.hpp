// What one name server replied, taken by itself: its question, its reply, and whether its signatures are right.
//
// The reply is hostile: reading is bounded, and what does not parse is an error or a value. Reads no clock; whether a
// date has passed is for others to say. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "resolver/wire/signatures.hpp"
#include "resolver/wire/wire.hpp"

namespace danewatch {

// RFC 8914.
struct ExtendedError {
  int code = 0;
  std::string text;  // as received, at most 256 octets

  bool operator==(const ExtendedError&) const = default;
};

// An RRset of a reply, and of its signatures the one that counts.
struct SignedSet {
  std::string owner;
  RrType type = RrType::a;
  SignatureCheck check = SignatureCheck::missing;
  std::optional<SysTime> inception;
  std::optional<SysTime> expires;
  std::uint16_t key_tag = 0;

  bool operator==(const SignedSet&) const = default;
};

namespace wire {

// With an OPT record that takes 1232 octets, wants signatures, and asks which server it is (RFC 6891, RFC 5001). An
// error where the name is none.
Parsed<std::vector<std::uint8_t>> write_question(std::uint16_t id, const Question& question, bool recursion);

// The reply to this very question: its number, its name and its type (RFC 5452 9.1).
bool is_reply_to(Bytes reply, Bytes question);

struct Glue {
  std::string name;
  Address address;

  bool operator==(const Glue&) const = default;
};

struct Reply {
  int rcode = 0;  // with the upper bits of the OPT record
  bool authoritative = false;
  bool truncated = false;
  std::optional<ExtendedError> extended_error;
  std::string nsid;                     // octets as received, at most 128
  std::vector<Rdata> data;              // of the asked name and type, at most 256; none of a SOA
  std::optional<std::string> alias;     // where the asked name is one: what it leads to
  std::optional<std::uint32_t> ttl;     // of the data, as received
  std::optional<std::uint32_t> serial;  // of the SOA record: asked for, or beside a denial
  std::vector<std::string> delegation;  // the name servers that a referral of the asked name tells, at most 32
  std::vector<Glue> glue;               // their addresses beside it, at most 64

  bool operator==(const Reply&) const = default;
};

Parsed<Reply> read_reply(Bytes message, const Question& question);

// Every RRset at or below `zone` in the answer, and in the authority section but for a delegation; at most 16. `keys`:
// the DNSKEY records of the zone, as text, proven; at most 16 of them count. None: nothing can be checked.
std::vector<SignedSet> check_signatures(Bytes message, const std::string& zone, std::span<const std::string> keys,
                                        SysTime now);

}  // namespace wire
}  // namespace danewatch

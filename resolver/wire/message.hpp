// Inner: a DNS message taken apart: where its records are. Their data stay where they are in the message.
//
// Only numbers and names are read; see resolver/wire/name.cpp for ldns. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resolver/wire/wire.hpp"

namespace danewatch::wire {

inline constexpr std::size_t header_octets = 12;
inline constexpr std::uint16_t type_opt = 41;
inline constexpr std::uint16_t type_rrsig = 46;

inline std::uint16_t read_u16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

inline std::uint32_t read_u32(Bytes bytes, std::size_t at) {
  return static_cast<std::uint32_t>(read_u16(bytes, at)) << 16 | read_u16(bytes, at + 2);
}

struct WireRecord {
  std::string owner;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::size_t rdata = 0;  // where it starts in the message
  std::size_t length = 0;
};

struct Message {
  Bytes bytes;
  std::vector<WireRecord> answer;
  std::vector<WireRecord> authority;
  std::size_t additional = 0;  // where that section begins
};

struct Signature {
  std::uint16_t covers = 0;
  std::uint8_t labels = 0;  // of the owner as it was signed, without "*" and the root
  std::uint32_t original_ttl = 0;
  SysTime inception;
  SysTime expires;
  std::string signer;
  std::uint16_t key_tag = 0;

  bool valid_at(SysTime now) const { return inception <= now && now <= expires; }
};

// Records of the class IN in the answer and authority sections.
Parsed<Message> parse(Bytes bytes);

// The additional section. An OPT record stands first, whatever its class, which is a size (RFC 6891 6.1.2).
Parsed<std::vector<WireRecord>> additional_of(const Message& message);

// RFC 4034 3.1. A signature too short to read signs nothing.
std::optional<Signature> read_signature(Bytes message, const WireRecord& record, SysTime now);
std::optional<Signature> read_signature(Bytes rdata, SysTime now);

}  // namespace danewatch::wire

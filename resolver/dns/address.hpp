// An IPv4 or IPv6 address as a plain value.
//
// Knows no socket, no scope id and no port. Thread rule: a value.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

struct Address {
  bool v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // IPv4 uses the first four, the rest are zero

  auto operator<=>(const Address&) const = default;
};

// Text without brackets or zone: "192.0.2.1", "2001:db8::1".
Parsed<Address> parse_address(std::string_view text);

// RDATA of an A (4 octets) or AAAA (16 octets) record.
Parsed<Address> address_from_rdata(std::span<const std::uint8_t> rdata);

// Canonical text (RFC 5952 for IPv6).
std::string to_string(const Address& address);

// "[2001:db8::1]" for IPv6, plain for IPv4: for use before ":PORT" and in SMTP address literals.
std::string to_bracketed(const Address& address);

// Of one family, and the same in the first `bits` bits, at most as many as an address of that family has.
bool has_prefix(const Address& address, const Address& network, unsigned bits);

// False for every block the IANA special-purpose registries (RFC 6890) call not globally
// reachable: private, loopback, link-local, documentation, multicast, …
bool is_global(const Address& address);

struct AddressBlock {
  Address address;  // bits behind the prefix are zero
  unsigned prefix = 0;

  bool operator==(const AddressBlock&) const = default;
};

// "192.0.2.0/24", "2001:db8::/32" or one address.
Parsed<AddressBlock> parse_address_block(std::string_view text);
bool contains(const AddressBlock& block, const Address& address);
std::string to_string(const AddressBlock& block);

// Of the blocks that are not global those where somebody near us may be, whom a stranger's name could lead to: not
// those of documentation. For who can only name blocks; is_global() knows the exceptions.
std::vector<AddressBlock> near_blocks();

}  // namespace danewatch

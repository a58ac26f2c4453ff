#include "resolver/dns/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

namespace danewatch {
namespace {

constexpr std::size_t longest_text = 45;  // "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"

// One row of an IANA special-purpose address registry.
struct Block {
  std::string_view network;
  unsigned prefix = 0;
  bool global = false;
};

// IANA IPv4 Special-Purpose Address Registry, and multicast. The first row that fits decides, so
// exceptions stand before what they are an exception from. 192.88.99.0/24 is neither called reachable
// nor unreachable there and stays out.
constexpr std::array v4_blocks{
    Block{"0.0.0.0", 8},       Block{"10.0.0.0", 8},     Block{"100.64.0.0", 10},      Block{"127.0.0.0", 8},
    Block{"169.254.0.0", 16},  Block{"172.16.0.0", 12},  Block{"192.0.0.9", 32, true}, Block{"192.0.0.10", 32, true},
    Block{"192.0.0.0", 24},    Block{"192.0.2.0", 24},   Block{"192.168.0.0", 16},     Block{"198.18.0.0", 15},
    Block{"198.51.100.0", 24}, Block{"203.0.113.0", 24}, Block{"224.0.0.0", 3},
};

// IANA IPv6 Special-Purpose Address Registry within 2000::/3. All else is not global unicast, except
// the translation prefix, and is refused as a whole: that covers ::1, IPv4-mapped, fc00::/7, fe80::/10, ff00::/8.
constexpr std::array v6_blocks{
    Block{"2001:1::1", 128, true},   Block{"2001:1::2", 128, true},
    Block{"2001:1::3", 128, true},   Block{"2001:3::", 32, true},
    Block{"2001:4:112::", 48, true}, Block{"2001:20::", 28, true},
    Block{"2001:30::", 28, true},    Block{"2001::", 23},
    Block{"2001:db8::", 32},         Block{"3fff::", 20},
};

template <std::size_t N>
bool not_excluded(const Address& address, const std::array<Block, N>& blocks) {
  for (const Block& block : blocks) {
    if (has_prefix(address, *parse_address(block.network), block.prefix)) return block.global;
  }
  return true;
}

Address embedded_v4(const Address& v6, std::size_t offset) {
  Address v4;
  std::copy_n(v6.bytes.begin() + static_cast<std::ptrdiff_t>(offset), 4, v4.bytes.begin());
  return v4;
}

bool is_global_v6(const Address& address) {
  // An embedded IPv4 address decides: RFC 6052 3.1 forbids private ones in the translation prefix, and
  // RFC 3056 2 wants a globally unique one in 6to4.
  static const Address translation = *parse_address("64:ff9b::");
  if (has_prefix(address, translation, 96)) return is_global(embedded_v4(address, 12));
  static const Address six_to_four = *parse_address("2002::");
  if (has_prefix(address, six_to_four, 16)) return is_global(embedded_v4(address, 2));
  static const Address global_unicast = *parse_address("2000::");
  return has_prefix(address, global_unicast, 3) && not_excluded(address, v6_blocks);
}

}  // namespace

Parsed<Address> parse_address(std::string_view text) {
  const auto wrong = [](std::string message) { return tl::unexpected(ParseError{std::move(message), 0}); };
  if (text.empty()) return wrong("an empty address");
  if (text.find('%') != std::string_view::npos) return wrong("an address with a zone id");
  if (text.size() > longest_text || text.find('\0') != std::string_view::npos) return wrong("not an IP address");
  const std::string copy(text);  // inet_pton wants a terminated string
  Address address;
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) return address;
  address.v6 = true;
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
  return wrong("not an IP address");
}

Parsed<Address> address_from_rdata(std::span<const std::uint8_t> rdata) {
  Address address;
  address.v6 = rdata.size() == 16;
  if (rdata.size() != 4 && rdata.size() != 16) {
    return tl::unexpected(ParseError{"RDATA that is neither 4 nor 16 bytes long", 0});
  }
  std::ranges::copy(rdata, address.bytes.begin());
  return address;
}

std::string to_string(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
  return text.data();
}

std::string to_bracketed(const Address& address) {
  return address.v6 ? "[" + to_string(address) + "]" : to_string(address);
}

bool has_prefix(const Address& address, const Address& network, unsigned bits) {
  if (address.v6 != network.v6) return false;
  for (std::size_t i = 0; bits > 0; ++i) {
    const unsigned take = std::min(bits, 8U);
    const unsigned mask = 0xffU << (8U - take) & 0xffU;
    if (((address.bytes[i] ^ network.bytes[i]) & mask) != 0) return false;
    bits -= take;
  }
  return true;
}

bool is_global(const Address& address) {
  return address.v6 ? is_global_v6(address) : not_excluded(address, v4_blocks);
}

}  // namespace danewatch

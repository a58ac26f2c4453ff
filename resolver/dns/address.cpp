#include "resolver/dns/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace danewatch {
namespace {

constexpr std::size_t longest_text = 45;  // "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"

// Who is where: everybody, somebody near us, or nobody at all.
enum class Reach { global, near, nowhere };

// One row of an IANA special-purpose address registry.
struct Block {
  std::string_view network;
  unsigned prefix = 0;
  Reach reach = Reach::near;
};
using enum Reach;

// IANA IPv4 Special-Purpose Address Registry, and multicast. The first row that fits decides, so
// exceptions stand before what they are an exception from. 192.88.99.0/24 is neither called reachable
// nor unreachable there and stays out.
constexpr std::array v4_blocks{
    Block{"0.0.0.0", 8, near},          Block{"10.0.0.0", 8, near},        Block{"100.64.0.0", 10, near},
    Block{"127.0.0.0", 8, near},        Block{"169.254.0.0", 16, near},    Block{"172.16.0.0", 12, near},
    Block{"192.0.0.9", 32, global},     Block{"192.0.0.10", 32, global},   Block{"192.0.0.0", 24, near},
    Block{"192.0.2.0", 24, nowhere},    Block{"192.168.0.0", 16, near},    Block{"198.18.0.0", 15, near},
    Block{"198.51.100.0", 24, nowhere}, Block{"203.0.113.0", 24, nowhere}, Block{"224.0.0.0", 3, near},
};

// IANA IPv6 Special-Purpose Address Registry. What is neither here nor within 2000::/3 is not global unicast either,
// but nobody's. Behind the translation prefix and 6to4 an IPv4 address decides: a block of them leads near.
constexpr std::array v6_blocks{
    Block{"2001:1::1", 128, global},
    Block{"2001:1::2", 128, global},
    Block{"2001:1::3", 128, global},
    Block{"2001:3::", 32, global},
    Block{"2001:4:112::", 48, global},
    Block{"2001:20::", 28, global},
    Block{"2001:30::", 28, global},
    Block{"2001::", 23, nowhere},
    Block{"2001:db8::", 32, nowhere},
    Block{"3fff::", 20, nowhere},
    Block{"::", 16, near},
    Block{"64:ff9b::", 32, near},
    Block{"2002::", 16, near},
    Block{"fc00::", 7, near},
    Block{"fe80::", 9, near},
    Block{"ff00::", 8, near},
};

AddressBlock value_of(const Block& block) {
  return {*parse_address(block.network), block.prefix};
}

template <std::size_t N>
bool not_excluded(const Address& address, const std::array<Block, N>& blocks) {
  for (const Block& block : blocks) {
    if (contains(value_of(block), address)) return block.reach == global;
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

Parsed<AddressBlock> parse_address_block(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return tl::unexpected(address.error());
  const unsigned longest = address->v6 ? 128 : 32;
  AddressBlock block{*address, longest};
  if (slash == std::string_view::npos) return block;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), block.prefix);
  if (error != std::errc{} || end != digits.data() + digits.size() || block.prefix > longest) {
    return tl::unexpected(ParseError{fmt::format("the prefix must be 0 to {}", longest), slash + 1});
  }
  AddressBlock cleared = block;
  for (unsigned bit = block.prefix; bit < longest; ++bit) {
    cleared.address.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  }
  if (cleared != block) {
    return tl::unexpected(ParseError{fmt::format("has bits behind its prefix: {}", to_string(cleared)), 0});
  }
  return block;
}

bool contains(const AddressBlock& block, const Address& address) {
  return has_prefix(address, block.address, block.prefix);
}

std::string to_string(const AddressBlock& block) {
  return fmt::format("{}/{}", to_string(block.address), block.prefix);
}

std::vector<AddressBlock> near_blocks() {
  std::vector<AddressBlock> blocks;
  const auto add = [&](const Block& block) {
    if (block.reach == near) blocks.push_back(value_of(block));
  };
  std::ranges::for_each(v4_blocks, add);
  std::ranges::for_each(v6_blocks, add);
  return blocks;
}

bool is_global(const Address& address) {
  return address.v6 ? is_global_v6(address) : not_excluded(address, v4_blocks);
}

}  // namespace danewatch

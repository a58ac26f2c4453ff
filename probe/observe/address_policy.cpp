#include "probe/observe/address_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace danewatch {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
  if (!pattern.starts_with("*.")) return pattern == name;
  const std::string_view suffix = pattern.substr(1);
  return name.size() > suffix.size() && name.ends_with(suffix);
}

// The IPv4 address inside 64:ff9b::/96 (RFC 6052 2.1) or ::ffff:0:0/96.
std::optional<Address> wrapped(const Address& address) {
  if (!address.v6) return std::nullopt;
  constexpr std::array<std::uint8_t, 12> nat64{0, 0x64, 0xff, 0x9b};
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto begins_with = [&](const auto& prefix) {
    return std::equal(prefix.begin(), prefix.end(), address.bytes.begin());
  };
  if (!begins_with(nat64) && !begins_with(mapped)) return std::nullopt;
  Address inner;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), inner.bytes.begin());
  return inner;
}

bool is_allowed_itself(const TargetPolicy& policy, const Address& address) {
  if (policy.blocks.empty()) return is_global(address);
  return std::ranges::any_of(policy.blocks, [&](const AddressBlock& block) { return contains(block, address); });
}

}  // namespace

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

bool is_allowed(const TargetPolicy& policy, const Target& target) {
  if (target.address && !is_allowed(policy, *target.address)) return false;
  if (target.kind == TargetKind::address_literal || policy.names.empty()) return true;
  return std::ranges::any_of(policy.names, [&](const std::string& pattern) { return matches(pattern, target.name); });
}

bool is_allowed(const TargetPolicy& policy, const Address& address) {
  const auto inner = wrapped(address);
  return is_allowed_itself(policy, address) && (!inner || is_allowed_itself(policy, *inner) || !policy.blocks.empty());
}

}  // namespace danewatch

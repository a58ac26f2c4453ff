#include "probe/observe/address_policy.hpp"

#include <algorithm>
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

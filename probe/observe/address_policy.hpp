// Pure: which targets a stranger may name, and which addresses may be dialled for them.
//
// Without names any name is allowed, without blocks every global address and no other. Names say nothing about the
// addresses they resolve to: those are checked when they are dialled. Thread rule: values and pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resolver/target/target.hpp"

namespace danewatch {

struct TargetPolicy {
  std::vector<std::string> names;  // A-labels; "*.example.org" is every name below
  std::vector<AddressBlock> blocks;

  bool operator==(const TargetPolicy&) const = default;
};

// The text alone: the name, or the address of a literal. An SRV owner goes by its domain.
bool is_allowed(const TargetPolicy& policy, const Target& target);

// An address about to be dialled. One that only wraps an IPv4 address (NAT64, RFC 6052) goes by that too.
bool is_allowed(const TargetPolicy& policy, const Address& address);

}  // namespace danewatch

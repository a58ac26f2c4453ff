// DNSSEC algorithms and digest types: what they are called, and who can check them.
//
// What libunbound 1.17 with nettle knows is measured (tests/unit/resolver/unbound/dnssec_algorithm_test.cpp). Thread
// rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/answer.hpp"

namespace danewatch {

enum class Validators {
  ours,    // our resolver knows it
  others,  // assigned, and our resolver does not know it: others may
  nobody   // nobody assigned it, or resolvers must not use it (RFC 8624 3.1, 3.3)
};

Validators validators_of_algorithm(unsigned number);
Validators validators_of_digest(unsigned number);
std::string algorithm_name(unsigned number);  // "ED448 (16)"
std::string digest_name(unsigned number);     // "GOST R 34.11-94 (3)"

// What a DS record says of the keys it proves (RFC 4034 5.3).
struct DsKind {
  unsigned algorithm = 0;
  unsigned digest = 0;

  bool operator==(const DsKind&) const = default;
};
std::optional<DsKind> ds_kind(std::string_view text);  // of presentation form

// Of a DS RRset that our resolver can use nothing of: the algorithm (or digest) that others may know. Nothing where it
// can use one of the records, or where nobody could.
std::optional<std::string> beyond_our_resolver(const Answer& ds);

}  // namespace danewatch

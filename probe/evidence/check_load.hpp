// What decides how dear it is to check something with a certificate: sizes, not times.
//
// Facts only. Thread rule: values.
#pragma once

#include <cstddef>

namespace danewatch {

struct CheckLoad {
  enum class Key { unknown, rsa, dsa, curve };
  Key key = Key::unknown;  // of no kind that could sign
  int bits = 0;
  int exponent_bits = 0;        // RSA: of the public exponent; DSA: of the subgroup
  std::size_t names = 0;        // parts of the subject, and alternative names of every kind
  std::size_t constraints = 0;  // name constraints: each is held against each name below

  bool operator==(const CheckLoad&) const = default;
};

}  // namespace danewatch

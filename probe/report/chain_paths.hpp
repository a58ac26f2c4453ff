// The ways from the leaf up, by the names of subjects and issuers alone: whether the signatures hold is for OpenSSL to
// say. A server that sends many certificates of one name gains nothing.
//
// Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"

namespace danewatch {

using ChainPath = std::vector<std::size_t>;  // indices into the chain, leaf first

// The usage by which a record names the certificate at this depth, the leaf at 0, whatever public CAs say of it.
constexpr int usage_at(std::size_t depth) {
  return depth == 0 ? 3 : 2;
}

// At most sixteen paths of ten certificates.
std::vector<ChainPath> paths_of(std::span<const Certificate> chain);

}  // namespace danewatch

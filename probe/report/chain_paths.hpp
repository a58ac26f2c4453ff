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

// At most sixteen paths of ten certificates.
std::vector<ChainPath> paths_of(std::span<const Certificate> chain);

}  // namespace danewatch

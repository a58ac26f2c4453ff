// Chains made to be dear to look at: many certificates of few names that lead in circles, with the largest keys OpenSSL
// takes and the largest exponents.
//
// Their signatures are octets of the right length and hold nowhere: checking one costs as much as checking a good one.
// The leaf's key is an ordinary one, with which a server can shake hands. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/support/pki.hpp"

namespace danewatch::pki {

struct MazeSpec {
  int certificates = 29;  // above the leaf
  int names = 5;          // that they share
  int key_bits = 16384;
  int exponent_bits = 64;
};

struct Maze {
  Identity leaf;
  std::vector<std::vector<std::uint8_t>> above;  // DER

  std::vector<std::vector<std::uint8_t>> chain() const;  // leaf first
};

// The leaf is issued by the first of the names.
Maze make_maze(const CertificateSpec& leaf, const MazeSpec& spec = {});

}  // namespace danewatch::pki

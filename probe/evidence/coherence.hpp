// Whether what evidence says of its hosts follows from its own answers: evidence that was altered may not.
//
// Never judges, and asks nobody. Thread rule: a pure function.
#pragma once

#include <cstddef>
#include <string>

#include "probe/evidence/evidence.hpp"
#include "resolver/wire/proofs.hpp"

namespace danewatch {

// What does not follow, as a clause that begins with a name; empty: everything does.
std::string incoherence(const Evidence& evidence);

struct Proof {
  std::size_t proven = 0;  // secure answers whose messages prove them
  std::string wrong;       // what is not proven, or does not follow; empty: all is well
};

// Every secure answer that a verdict may rest on, and what is said of the hosts.
Proof prove(const Evidence& evidence, const wire::KeyChain& keys);

}  // namespace danewatch

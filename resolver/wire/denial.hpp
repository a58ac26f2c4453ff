// What NSEC and NSEC3 records deny (RFC 4035 5.4, RFC 5155 8).
//
// The records are taken as proven: their signatures are for others to check. Asks nobody, reads no clock; the work that
// hostile records may cause is bounded. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "resolver/wire/records.hpp"

namespace danewatch::wire {

// Why `proofs` leave room for what was asked; empty: there is no such name, or it has no such records. A proof that
// insecure names may lie between (opt-out) proves nothing here.
std::string why_not_denied(const Question& question, std::span<const Record> proofs);

// Of an answer that was made from the wildcard `labels` labels below the root: why `proofs` leave room for the name
// itself, or for a nearer wildcard (RFC 4035 5.3.4, RFC 5155 8.8); empty: they leave none.
std::string why_not_expanded(const std::string& name, std::size_t labels, std::span<const Record> proofs);

}  // namespace danewatch::wire

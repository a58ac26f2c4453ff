// How long what is good stays so, in words.
//
// Everything returned is safe for a terminal. Pure functions.
#pragma once

#include <optional>
#include <string>

#include "probe/report/report.hpp"

namespace danewatch::words {

struct Validity {
  std::string until;  // "valid until 2026-02-20"
  std::string in;     // "in 20 days"
  std::string of;     // what ends then: "signature of example.org MX"
};

// The first date that matters of a report without a fault; nothing: it has a fault, or no date is known.
std::optional<Validity> validity_of(const Report& report);

}  // namespace danewatch::words

// How long what is good stays so, in words.
//
// Everything returned is safe for a terminal. Pure functions.
#pragma once

#include <string>

#include "probe/report/report.hpp"

namespace danewatch::words {

// "valid until 2026-02-20 (in 20 days)": the first date that matters of a report without a fault; empty: it has a
// fault, or no date is known.
std::string valid_until(const Report& report);

// What ends then: "signature of example.org MX"; empty as above.
std::string what_ends(const Report& report);

}  // namespace danewatch::words

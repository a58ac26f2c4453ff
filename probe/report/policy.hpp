// What the operator wants: choices that change what is looked at or how bad a fact is.
//
// Thread rule: a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "probe/report/verdict.hpp"
#include "resolver/dns/tlsa.hpp"

namespace danewatch {

enum class Views { automatic, standard, all };  // "auto", "default", "all"

struct Policy {
  Views views = Views::automatic;
  bool if_present = false;
  Severity extra_records = Severity::warning;  // of tlsa-extra-record: ok (info), warning or critical
  std::vector<TlsaRecord> next;                // declared with --next
  int attempts = 1;

  bool operator==(const Policy&) const = default;
};

}  // namespace danewatch

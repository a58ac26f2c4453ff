// What the operator wants: choices that change what is looked at or how bad a fact is.
//
// Thread rule: a value.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "probe/report/range.hpp"
#include "probe/report/verdict.hpp"
#include "resolver/dns/tlsa.hpp"

namespace danewatch {

enum class Views { automatic, standard, all };  // "auto", "default", "all"

// For who waits for one state, and so long (the plugin): what is owed to the end of the time decides nothing but this.
struct TimeLimit {
  std::chrono::milliseconds whole{10000};
  Severity when_over = Severity::critical;
  bool hurried = false;  // so little time that a question without an answer says nothing of the name servers

  bool operator==(const TimeLimit&) const = default;
};

// What the operator will use next: whichever of its records is published declares it.
struct NextKey {
  std::string file;                 // it was made of; empty: the record was given as text
  std::vector<TlsaRecord> records;  // the first is the one to publish

  bool operator==(const NextKey&) const = default;
};

struct Policy {
  Views views = Views::automatic;
  bool if_present = false;
  Severity extra_records = Severity::warning;  // of tlsa-extra-record: ok (info), warning or critical
  std::vector<NextKey> next;                   // declared with --next
  int attempts = 1;
  Thresholds days;        // until the first certificate that matters expires; none: shares of its lifetime
  Thresholds rrsig_days;  // until the first signature ends; none: likewise
  std::optional<TimeLimit> time_limit;  // none: what was not seen in time is as bad as its findings

  bool operator==(const Policy&) const = default;
};

}  // namespace danewatch

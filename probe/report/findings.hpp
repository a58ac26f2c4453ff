// Findings: every single thing worth telling, with its severity, subject, sentence and fix.
//
// The table here is the one home of codes, default severities, RFC references and of the words that
// `docs/` shows for each. Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "probe/evidence/tls_evidence.hpp"
#include "probe/report/verdict.hpp"

namespace danewatch {

struct Finding {
  std::string_view code;  // a row of finding_table()
  Severity severity = Severity::info;
  std::string subject;  // what it is about: a record line, a host, an address
  std::optional<std::string> host;
  std::optional<std::size_t> record;  // index into the host's TLSA records
  std::optional<Address> address;
  std::optional<View> view;
  std::string text;      // one or two sentences
  std::string fix;       // what to do; empty where there is nothing to do
  std::string_view ref;  // "RFC 7671 §8.1"; empty where no document says it

  bool operator==(const Finding&) const = default;
};

struct FindingRow {
  std::string_view code;
  Severity severity = Severity::info;  // default; explaining findings take the verdict's
  std::string_view ref;
  std::string_view meaning;  // one sentence for the documentation
};

std::span<const FindingRow> finding_table();

// The row of a code; the code must be in the table.
const FindingRow& finding_row(std::string_view code);

// A finding with the code's default severity and RFC reference.
Finding make_finding(std::string_view code, std::string subject, std::string text, std::string fix);

}  // namespace danewatch

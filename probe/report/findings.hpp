// Findings: every single thing worth telling, with its severity, subject, sentence and remedies.
//
// The table here is the one home of codes, default severities, RFC references and of the words that
// `docs/` shows for each. Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"
#include "probe/report/remedy.hpp"
#include "probe/report/verdict.hpp"

namespace danewatch {

// Where in the report a finding belongs.
struct FindingPlace {
  std::optional<std::size_t> host;     // index into the report's hosts
  std::vector<std::size_t> endpoints;  // indices into the host's endpoints

  bool operator==(const FindingPlace&) const = default;
};

// What of its place the text names itself, so that nobody needs to say it once more.
struct Says {
  bool host = true;
  bool address = true;
  bool subject = true;
  bool record = false;  // all of its data

  bool operator==(const Says&) const = default;
};

struct Finding {
  std::string_view code;  // a row of finding_table()
  Severity severity = Severity::info;
  std::string subject;  // what it is about: a record line, a host, an address
  std::optional<std::string> host;
  std::optional<std::size_t> record;  // index into the host's TLSA records
  std::optional<Address> address;
  std::optional<View> view;
  FindingPlace place;
  std::string headline;             // the first sentence of the text, which stands alone
  std::string text;                 // one or two sentences, the headline first
  std::vector<std::string> quotes;  // what peers said, as far as the text quotes it in full
  Says says;
  Remedies remedies;     // what to do (fix_words); empty where there is nothing to do
  std::string_view ref;  // "RFC 7671 §8.1"; empty where no document says it

  bool operator==(const Finding&) const = default;
};

// Whom advice in words alone is for: who keeps the zone, who keeps the server, or whoever runs danewatch.
enum class AdviceFor { zone, server, here };

struct FindingRow {
  std::string_view code;
  Severity severity = Severity::info;  // default; explaining findings take the verdict's
  std::string_view ref;
  std::string_view meaning;  // one sentence for the documentation
  AdviceFor advice = AdviceFor::zone;
};

std::span<const FindingRow> finding_table();

// The row of a code; the code must be in the table.
const FindingRow& finding_row(std::string_view code);

// A finding with the code's default severity and RFC reference.
// The text is the headline; more sentences are appended to `text`.
Finding make_finding(std::string_view code, std::string subject, std::string headline, Remedies remedies);
// The same where the advice is in words: whole sentences, or nothing.
Finding make_finding(std::string_view code, std::string subject, std::string headline, std::string sentences);

}  // namespace danewatch

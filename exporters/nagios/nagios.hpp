// A report as a Nagios or Icinga plugin says it: one status line with perfdata, then a few lines of detail.
//
// Judges nothing: thresholds and the time limit are the report's policy. Pure. Whatever the network said, the output
// holds no control character, no `|` but the one before the perfdata, and nothing that a shell, a macro or printf(1) in
// somebody's notification command would act on. Thread rule: values and pure functions.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch::nagios {

enum class State { ok = 0, warning = 1, critical = 2, unknown = 3 };  // the numbers are exit statuses

std::string_view to_string(State state);  // "CRITICAL"

State state_of(Severity severity);

struct Options {
  std::vector<std::string> remembered{};  // what became of records, a sentence each: behind the findings
  int verbosity = 0;  // 0 what is wrong, 1 every finding, 2 the whole report, 3 with every lookup and its proof
};

struct Output {
  State state = State::unknown;
  std::string text;  // lines, each ended by a newline; less than 4096 octets

  bool operator==(const Output&) const = default;
};

Output to_nagios(const Report& report, const Options& options);

// "DANE UNKNOWN - sentence", for what came to no report.
Output status_line(State state, std::string_view sentence);

// "timed out after 10 s".
std::string timeout_words(std::chrono::milliseconds timeout);

}  // namespace danewatch::nagios

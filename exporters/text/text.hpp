// A report for people at a terminal.
//
// Pure: colour, width and detail are arguments. Everything from the network is escaped.
#pragma once

#include <string>
#include <string_view>

#include "probe/predict/verify.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

struct TextOptions {
  bool color = false;
  std::size_t width = 80;
  bool explain = false;  // every lookup with its proof, and the record x endpoint matrix
  bool quiet = false;    // only reports that are not ok
  std::string_view fix_lead = "-> ";
};

// One line: target, verdict, the sentence that matters.
std::string to_line(const Report& report, const TextOptions& options);

// The full report, several lines, ends with a newline; empty when quiet and ok.
std::string to_text(const Report& report, const TextOptions& options);

std::string to_text(const VerifyReport& report, const TextOptions& options);

}  // namespace danewatch

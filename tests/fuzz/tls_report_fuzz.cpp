// The JSON of a TLS report: the same report always comes to the same values, and its notes are ours.
#include "store/tlsrpt/json_text.hpp"
#include "store/tlsrpt/report.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const std::string_view text = fuzz::as_text(input);
  const auto report = tlsrpt::parse_report(text, "example.org");
  if (!report) return fuzz::require_sound(report.error(), text.size());
  fuzz::require(tlsrpt::looks_like_json(text) || !text.empty(), "a report is a JSON object");
  fuzz::require(report->notes.size() <= 20, "notes are bounded");
  for (const auto& note : report->notes) {
    for (const char c : note) fuzz::require(c >= 0x20 && c < 0x7f, "a note holds nothing of the report");
  }
  for (const auto& policy : report->policies) {
    fuzz::require(failed_sessions(policy) >= policy.failed.value_or(0), "what the summary says failed has failed");
    for (const auto& record : policy.strings) fuzz::require(record.size() <= 1000, "texts are bounded");
  }
  const auto again = tlsrpt::parse_report(text, "example.org");
  fuzz::require(again && again->key == report->key, "the same text is the same report");
}

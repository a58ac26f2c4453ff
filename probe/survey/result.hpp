// What a survey keeps of one name: a report made small.
//
// Enough to count, to compare with another run and to write to whoever can mend it; the whole report may stand beside
// it. Never judges. Thread rule: values and pure functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/report/report.hpp"
#include "probe/survey/opt_out.hpp"

namespace danewatch {

struct SurveyRecord {
  std::string parameters;  // "3 1 1"; "malformed"
  RecordState state = RecordState::unknown;

  bool operator==(const SurveyRecord&) const = default;
};

struct SurveyHost {
  std::string name;
  std::string provider;  // its registrable domain
  Conclusion conclusion;
  std::vector<std::string> addresses;
  std::vector<SurveyRecord> records;
  std::optional<SysTime> expires;  // the first certificate shown there to end

  bool operator==(const SurveyHost&) const = default;
};

// Of an informational finding the code alone.
struct SurveyFinding {
  std::string code;
  Severity severity = Severity::info;
  std::string host;  // empty: the domain itself
  std::string text;
  std::string fix;

  bool operator==(const SurveyFinding&) const = default;
};

struct SurveyResult {
  std::string domain;  // as it was written, of what is no mail domain
  SysTime at{};
  Conclusion conclusion;
  Severity severity = Severity::unknown;
  std::optional<Impact> impact;
  std::string why;                      // why it was not looked at, in words; empty: it was
  std::vector<std::string> algorithms;  // that the domain's zone is signed with, as far as its parent says
  std::vector<SurveyHost> hosts;
  std::vector<SurveyFinding> findings;

  bool operator==(const SurveyResult&) const = default;
};

using ProviderOf = std::function<std::string(const std::string& host)>;

// Something that only this machine can answer for kept the report from being whole: it is worth another try.
bool was_hampered(const Report& report, const OptOut& opt_out);

// `opt_out`: who was left alone, which is no limit of this machine. `ours`: what was, in words, if anything.
SurveyResult result_of(const Report& report, const std::vector<std::string>& algorithms, const ProviderOf& provider_of,
                       const OptOut& opt_out, std::string_view ours = {});

// What DS records say of the algorithms of a zone, each once: "ECDSAP256SHA256 (13)".
std::vector<std::string> algorithms_in(const Answer& ds);

// The zone that signed the MX answer, if that is proven: whose DS records are worth a question.
std::optional<std::string> signed_zone(const Report& report);

// In the words of who opted out, and of what is no public address.
constexpr std::string_view opted_out = "opted out of surveys";
constexpr std::string_view not_public = "not a public address";
constexpr std::string_view just_turned_away = "it turned us away a moment ago, and is left alone for a while";

}  // namespace danewatch

#include "exporters/survey/line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "exporters/words/escape.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using Json = nlohmann::ordered_json;

Json text(std::string_view value) {
  return to_valid_utf8(value);
}

Json texts(const std::vector<std::string>& values) {
  Json list = Json::array();
  for (const std::string& value : values) list.push_back(text(value));
  return list;
}

Json word_or_null(std::string_view word) {
  return word.empty() ? Json() : Json(word);
}

void put_conclusion(Json& out, const Conclusion& conclusion) {
  out["verdict"] = to_string(conclusion.verdict);
  out["reason"] = word_or_null(to_string(conclusion.reason));
}

Json host_json(const SurveyHost& host) {
  Json out;
  out["host"] = text(host.name);
  out["provider"] = text(host.provider);
  put_conclusion(out, host.conclusion);
  out["addresses"] = texts(host.addresses);
  out["records"] = Json::array();
  for (const SurveyRecord& record : host.records)
    out["records"].push_back(Json{{"parameters", record.parameters}, {"state", to_string(record.state)}});
  out["certificate_expires"] = host.expires ? Json(format_time(*host.expires)) : Json();
  return out;
}

Json finding_json(const SurveyFinding& finding) {
  Json out;
  out["code"] = finding.code;
  out["severity"] = to_string(finding.severity);
  if (!finding.host.empty()) out["host"] = text(finding.host);
  if (!finding.text.empty()) out["text"] = text(finding.text);
  if (!finding.fix.empty()) out["fix"] = text(finding.fix);
  return out;
}

// The value of an enumeration whose word this is; values up to `last`.
template <class Enum>
std::optional<Enum> value_of(std::string_view word, Enum last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (to_string(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

std::string string_in(const Json& json, const char* member) {
  const auto found = json.find(member);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& list_in(const Json& json, const char* member) {
  static const Json none = Json::array();
  const auto found = json.find(member);
  return found != json.end() && found->is_array() ? *found : none;
}

std::vector<std::string> strings_in(const Json& json, const char* member) {
  std::vector<std::string> values;
  for (const Json& each : list_in(json, member)) {
    if (each.is_string()) values.push_back(each.get<std::string>());
  }
  return values;
}

// "2026-01-31T12:00:00Z", as format_time() writes it.
std::optional<SysTime> time_from(std::string_view word) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
  if (word.size() != shape.size()) return std::nullopt;
  int numbers[6] = {};
  std::size_t field = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = word[i] >= '0' && word[i] <= '9';
    if (shape[i] == 'd' ? !digit : word[i] != shape[i]) return std::nullopt;
    if (shape[i] == 'd') {
      numbers[field] = numbers[field] * 10 + (word[i] - '0');
    } else {
      ++field;
    }
    if (field == 6) break;
  }
  const std::chrono::year_month_day day{std::chrono::year{numbers[0]},
                                        std::chrono::month(static_cast<unsigned>(numbers[1])),
                                        std::chrono::day(static_cast<unsigned>(numbers[2]))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days{day} + std::chrono::hours{numbers[3]} + std::chrono::minutes{numbers[4]} +
         std::chrono::seconds{numbers[5]};
}

Conclusion conclusion_in(const Json& json) {
  const auto verdict = verdict_from(string_in(json, "verdict"));
  const auto reason = value_of(string_in(json, "reason"), Reason::refused_by_policy);
  return {verdict.value_or(Verdict::unknown), reason.value_or(Reason::none)};
}

SurveyHost host_from(const Json& json) {
  SurveyHost host;
  host.name = string_in(json, "host");
  host.provider = string_in(json, "provider");
  host.conclusion = conclusion_in(json);
  host.addresses = strings_in(json, "addresses");
  for (const Json& record : list_in(json, "records")) {
    const auto state = value_of(string_in(record, "state"), RecordState::unmatched);
    host.records.push_back({string_in(record, "parameters"), state.value_or(RecordState::unknown)});
  }
  host.expires = time_from(string_in(json, "certificate_expires"));
  return host;
}

SurveyFinding finding_from(const Json& json) {
  return {string_in(json, "code"), severity_from(string_in(json, "severity")).value_or(Severity::info),
          string_in(json, "host"), string_in(json, "text"), string_in(json, "fix")};
}

}  // namespace

std::string to_survey_line(const SurveyResult& result, const WholeOfIt& whole) {
  Json out;
  out["domain"] = text(result.domain);
  out["at"] = format_time(result.at);
  put_conclusion(out, result.conclusion);
  out["severity"] = to_string(result.severity);
  out["impact"] = result.impact ? Json(to_string(*result.impact)) : Json();
  if (!result.why.empty()) out["why"] = text(result.why);
  out["algorithms"] = texts(result.algorithms);
  out["hosts"] = Json::array();
  for (const SurveyHost& host : result.hosts) out["hosts"].push_back(host_json(host));
  out["findings"] = Json::array();
  for (const SurveyFinding& finding : result.findings) out["findings"].push_back(finding_json(finding));
  std::string line = out.dump(-1, ' ', true);
  if (!whole.json.empty()) line.insert(line.size() - 1, fmt::format(",\"{}\":{}", whole.member, whole.json));
  return line;
}

Parsed<SurveyResult> parse_survey_line(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return error_at(0, "is not one JSON object");
  SurveyResult result;
  result.domain = string_in(json, "domain");
  const auto at = time_from(string_in(json, "at"));
  const bool judged = verdict_from(string_in(json, "verdict")).has_value();
  if (result.domain.empty() || !at || !judged) return error_at(0, "is not a result of a survey");
  result.at = *at;
  result.conclusion = conclusion_in(json);
  result.severity = severity_from(string_in(json, "severity")).value_or(Severity::unknown);
  result.impact = value_of(string_in(json, "impact"), Impact::undeliverable);
  result.why = string_in(json, "why");
  result.algorithms = strings_in(json, "algorithms");
  for (const Json& host : list_in(json, "hosts")) result.hosts.push_back(host_from(host));
  for (const Json& finding : list_in(json, "findings")) result.findings.push_back(finding_from(finding));
  return result;
}

}  // namespace danewatch

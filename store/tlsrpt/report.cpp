#include "store/tlsrpt/report.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "probe/evidence/digest.hpp"
#include "resolver/dns/name.hpp"
#include "store/tlsrpt/fields.hpp"
#include "store/tlsrpt/json_text.hpp"
#include "store/tlsrpt/report_time.hpp"

namespace danewatch::tlsrpt {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_policies = 1000;
constexpr std::size_t most_failures = 10'000;  // of one policy

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return lower(name);
}

// A-labels where it is a name; empty where it is none.
std::string domain_of(const std::string& text) {
  const auto name = to_ascii_name(text);
  return name ? without_dot(*name) : std::string{};
}

SenderPolicyType type_of(std::string_view word) {
  if (word == "tlsa") return SenderPolicyType::tlsa;
  if (word == "sts") return SenderPolicyType::sts;
  return word == "no-policy-found" ? SenderPolicyType::no_policy_found : SenderPolicyType::other;
}

SenderFailure failure_of(const Json& json, Notes& notes) {
  const Fields fields(json, notes);
  SenderFailure failure;
  failure.result_type = lower(fields.text("result-type"));
  failure.sessions = fields.number("failed-session-count");
  if (!failure.sessions) notes.add("a failure without failed-session-count: counted as one session");
  if (failure.result_type.empty()) notes.add("a failure without result-type");
  failure.mx_host = without_dot(fields.text("receiving-mx-hostname"));
  failure.mx_helo = fields.text("receiving-mx-helo");
  failure.receiving_ip = fields.text("receiving-ip");
  failure.sending_ip = fields.text("sending-mta-ip");
  failure.reason = fields.text("failure-reason-code");
  failure.information = fields.text("additional-information", "additional-info-uri");
  return failure;
}

std::vector<SenderFailure> failures_of(const Fields& entry, Notes& notes) {
  std::vector<SenderFailure> result;
  const auto* details = entry.find("failure-details");
  if (details == nullptr) return result;
  if (details->is_object()) {
    notes.add("failure-details is not a list");
    result.push_back(failure_of(*details, notes));
  } else if (!details->is_array()) {
    notes.add("failure-details is not a list");
  } else {
    for (const auto& detail : *details) {
      if (result.size() == most_failures) {
        notes.add(fmt::format("more than {} failures in a policy: the rest is passed over", most_failures));
        break;
      }
      if (detail.is_object()) result.push_back(failure_of(detail, notes));
    }
  }
  return result;
}

// "mx: mail.example.org", as a line of an MTA-STS policy has it.
std::vector<std::string> patterns_of(const Fields& policy, Notes& notes) {
  auto patterns = policy.texts("mx-host");
  if (patterns.empty()) {
    patterns = policy.texts("mx-host-pattern");
    if (!patterns.empty()) notes.add("mx-host-pattern instead of mx-host");
  }
  for (auto& pattern : patterns) {
    if (!pattern.starts_with("mx:")) continue;
    pattern.erase(0, std::min(pattern.find_first_not_of(' ', 3), pattern.size()));
    notes.add("mx-host begins with \"mx:\"");
  }
  return patterns;
}

std::string policy_domain(const Fields& policy, const std::string& fallback, Notes& notes) {
  const std::string said = policy.text("policy-domain");
  std::string domain = domain_of(said);
  if (!domain.empty()) return domain;
  notes.add(said.empty() ? "a policy without policy-domain" : "a policy-domain that is not a domain name");
  return fallback;
}

SenderPolicy policy_of(const Json& json, const std::string& fallback, Notes& notes) {
  static const Json nothing = Json::object();
  const Fields entry(json, notes);
  const auto* inner = entry.find("policy");
  if (inner == nullptr) notes.add("an entry without policy");
  const Fields policy(inner == nullptr ? nothing : *inner, notes);
  const auto* counts = entry.find("summary");
  if (counts == nullptr) notes.add("a policy without summary");
  const Fields summary(counts == nullptr ? nothing : *counts, notes);
  SenderPolicy result;
  result.type_word = lower(policy.text("policy-type"));
  result.type = type_of(result.type_word);
  if (result.type == SenderPolicyType::other) notes.add("a policy-type that RFC 8460 does not know");
  result.domain = policy_domain(policy, fallback, notes);
  result.strings = policy.texts("policy-string");
  result.mx_patterns = patterns_of(policy, notes);
  result.successful = summary.number("total-successful-session-count");
  result.failed = summary.number("total-failure-session-count");
  result.failures = failures_of(entry, notes);
  if (counts != nullptr && !result.failures.empty() && failed_sessions(result) != result.failed.value_or(0)) {
    notes.add("more failures are listed than the summary has");
  }
  return result;
}

Parsed<SysTime> time_of(const Fields& range, const char* key, Notes& notes) {
  const std::string text = range.text(key);
  if (text.empty()) return error_at(0, fmt::format("has no {}", key));
  const auto time = parse_report_time(text);
  if (!time) return error_at(0, fmt::format("has a {} that is not a time", key));
  if (!time->zoned) notes.add(fmt::format("{} without a time zone: taken as UTC", key));
  return time->time;
}

Parsed<SenderReport> with_times(SenderReport report, const Json& json, Notes& notes) {
  const Fields top(json, notes);
  const auto* range = top.find("date-range");
  if (range == nullptr || !range->is_object()) return error_at(0, "has no date-range");
  const Fields fields(*range, notes);
  auto begin = time_of(fields, "start-datetime", notes);
  if (!begin) return tl::unexpected(begin.error());
  auto end = time_of(fields, "end-datetime", notes);
  if (!end) return tl::unexpected(end.error());
  report.begin = *begin;
  report.end = *end;
  if (report.end < report.begin) return error_at(0, "ends before it begins");
  if (report.end - report.begin > std::chrono::hours{24 * 8}) notes.add("a range of more than a week");
  return report;
}

Parsed<void> add_policies(const Json& json, const std::string& fallback, SenderReport& report, Notes& notes) {
  const Fields top(json, notes);
  const auto* policies = top.find("policies");
  if (policies == nullptr) return error_at(0, "has no policies");
  if (policies->is_object()) {
    notes.add("policies is not a list");
    report.policies.push_back(policy_of(*policies, fallback, notes));
    return {};
  }
  if (!policies->is_array()) return error_at(0, "has policies that are not a list");
  for (const auto& policy : *policies) {
    if (report.policies.size() == most_policies) {
      notes.add(fmt::format("more than {} policies: the rest is passed over", most_policies));
      break;
    }
    if (policy.is_object()) report.policies.push_back(policy_of(policy, fallback, notes));
  }
  return {};
}

// The same report may come twice, and one id may be of several: who, which, when, and the octets themselves.
std::string key_of(const SenderReport& report, std::string_view text) {
  const auto octets = [](std::string_view of) {
    return std::span(reinterpret_cast<const std::uint8_t*>(of.data()), of.size());
  };
  const std::string whole =
      fmt::format("{}\n{}\n{}\n{}\n{}", report.organization, report.id, report.begin.time_since_epoch().count(),
                  report.end.time_since_epoch().count(), sha256_hex(octets(text)));
  return sha256_hex(octets(whole)).substr(0, 32);
}

}  // namespace

bool looks_like_report(const Json& json) {
  return json.is_object() && json.contains("policies") &&
         (json.contains("organization-name") || json.contains("date-range") || json.contains("report-id"));
}

Parsed<SenderReport> parse_report(std::string_view text, const std::string& fallback_domain) {
  std::vector<std::string> mended;
  const auto json = parse_json(text, mended);
  if (!json) return tl::unexpected(json.error());
  if (!looks_like_report(*json)) return error_at(0, "is JSON, but not a TLS report (RFC 8460)");
  Notes notes;
  for (auto& note : mended) notes.add(std::move(note));
  auto report = with_times({}, *json, notes);
  if (!report) return report;
  const Fields top(*json, notes);
  report->organization = top.text("organization-name");
  report->contact = top.text("contact-info");
  report->id = top.text("report-id");
  if (report->organization.empty()) notes.add("no organization-name");
  if (report->contact.empty()) notes.add("no contact-info");
  if (report->id.empty()) notes.add("no report-id");
  const auto added = add_policies(*json, domain_of(fallback_domain), *report, notes);
  if (!added) return tl::unexpected(added.error());
  report->key = key_of(*report, text);
  report->notes = notes.take();
  return report;
}

}  // namespace danewatch::tlsrpt

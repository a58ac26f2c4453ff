#include "probe/survey/result.hpp"

#include <algorithm>

#include "probe/evidence/predicates.hpp"
#include "resolver/dns/dnssec_algorithm.hpp"

namespace danewatch {
namespace {

std::optional<SysTime> first_expiry(const HostReport& host) {
  std::optional<SysTime> first;
  for (const TlsEvidence& seen : looks(host)) {
    if (seen.chain.empty() || !seen.chain.front().error.empty()) continue;
    const SysTime end = seen.chain.front().not_after;
    if (!first || end < *first) first = end;
  }
  return first;
}

std::vector<std::string> addresses_of(const HostReport& host) {
  std::vector<std::string> addresses;
  for (const HostAddress& each : host.dns.addresses) addresses.push_back(to_string(each.address));
  return addresses;
}

SurveyHost host_of(const HostReport& host, const ProviderOf& provider_of) {
  SurveyHost result;
  result.name = host.dns.host;
  result.provider = provider_of(host.dns.host);
  result.conclusion = host.conclusion;
  result.addresses = addresses_of(host);
  for (const RecordReport& each : host.records) {
    result.records.push_back({each.record.truncated ? "malformed" : numbers_of(each.record), each.state});
  }
  result.expires = first_expiry(host);
  return result;
}

SurveyFinding finding_of(const Finding& finding) {
  SurveyFinding result{std::string(finding.code), finding.severity, finding.host.value_or(""), {}, {}};
  if (exit_status(finding.severity) == 0) return result;
  result.text = finding.text;
  result.fix = fix_words(finding.remedies);
  return result;
}

// Nobody asked or looked there because they do not want it.
bool was_left_alone(const Report& report, const OptOut& opt_out) {
  return std::ranges::any_of(report.hosts, [&](const HostReport& host) {
    const auto looks_of = looks(host);
    return opt_out.covers(host.dns.host) ||
           std::ranges::any_of(looks_of, [](const TlsEvidence& seen) { return seen.error == opted_out; });
  });
}

bool was_spoiled(const Answer& answer, const OptOut& opt_out) {
  return answer.failure == Failure::local && !opt_out.covers(answer.question.name);
}

// Whom we leave alone we leave alone knowingly.
bool was_spoiled(const TlsEvidence& seen) {
  const bool knowingly = seen.error == opted_out || seen.error == not_public || seen.error == just_turned_away;
  return seen.fault == Fault::no_descriptor || (seen.fault == Fault::local && !knowingly);
}

}  // namespace

bool was_hampered(const Report& report, const OptOut& opt_out) {
  if (report.conclusion == Conclusion{Verdict::unknown, Reason::no_network}) return true;
  if (report.run.not_looked) return report.run.not_looked->why == NotLooked::Why::local_limit;
  const auto spoiled = [&](const Answer& answer) { return was_spoiled(answer, opt_out); };
  return std::ranges::any_of(report.walk.lookups, spoiled) ||
         std::ranges::any_of(report.hosts, [&](const HostReport& host) {
           const auto seen = looks(host);
           return std::ranges::any_of(host.dns.lookups, spoiled) ||
                  std::ranges::any_of(seen, [](const TlsEvidence& look) { return was_spoiled(look); });
         });
}

SurveyResult result_of(const Report& report, const std::vector<std::string>& algorithms, const ProviderOf& provider_of,
                       const OptOut& opt_out, std::string_view ours) {
  SurveyResult result;
  result.domain = report.target.name.empty() ? report.target.text : report.target.name;
  result.at = report.at;
  result.conclusion = report.conclusion;
  result.severity = report.severity;
  result.impact = report.impact;
  result.algorithms = algorithms;
  for (const HostReport& host : report.hosts) result.hosts.push_back(host_of(host, provider_of));
  for (const Finding& finding : report.findings) result.findings.push_back(finding_of(finding));
  if (const auto& not_looked = report.run.not_looked) {
    result.why = not_looked->error                                      ? not_looked->error->message
                 : not_looked->why == NotLooked::Why::refused_by_policy ? std::string(opted_out)
                                                                        : report.summary;
    result.findings.clear();
  }
  if (result.conclusion.verdict == Verdict::unknown && !ours.empty()) result.why = ours;
  const Conclusion our_limit{Verdict::unknown, Reason::local_limit};
  if (result.conclusion == our_limit && was_left_alone(report, opt_out)) {
    result.conclusion.reason = Reason::refused_by_policy;
    result.why = opted_out;
  }
  return result;
}

std::vector<std::string> algorithms_in(const Answer& ds) {
  std::vector<std::string> names;
  for (const Rdata& rdata : ds.data) {
    const auto kind = ds_kind(rdata.text);
    if (!kind) continue;
    std::string name = algorithm_name(kind->algorithm);
    if (std::ranges::count(names, name) == 0) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

std::optional<std::string> signed_zone(const Report& report) {
  for (const Answer& answer : report.walk.lookups) {
    if (answer.question.type == RrType::mx && answer.status == Status::secure) return answer.signer;
  }
  return std::nullopt;
}

}  // namespace danewatch

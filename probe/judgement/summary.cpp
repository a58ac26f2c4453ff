// The one line a person reads first.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/own_limits.hpp"
#include "probe/judgement/inner.hpp"

namespace danewatch {
namespace {

constexpr std::size_t line_limit = 110;

std::string shortened(std::string line) {
  if (line.size() <= line_limit) return line;
  const auto space = line.rfind(' ', line_limit - 4);
  line.resize(space == std::string::npos ? line_limit - 4 : space);
  return line + " …";
}

std::string plural(std::size_t n, std::string_view word, std::string_view many) {
  return fmt::format("{} {}", n, n == 1 ? word : many);
}

std::string good_news(const Report& report) {
  std::size_t hosts = 0;
  std::size_t endpoints = 0;
  std::string name;
  for (const HostReport& host : report.hosts) {
    if (host.conclusion.verdict != Verdict::authenticated) continue;
    ++hosts;
    name = host.dns.host;
    for (const EndpointReport& endpoint : host.endpoints) {
      endpoints += endpoint.conclusion.verdict == Verdict::authenticated;
    }
  }
  if (name.empty()) return "the chain matches a TLSA record";  // from a file, not from a host
  const std::string who = hosts == 1 ? name : plural(hosts, "host", "hosts");
  return fmt::format("{}: every certificate shown ({}) matches a TLSA record", who, endpoints);
}

const OwnLimit* worst_of(const std::vector<OwnLimit>& limits) {
  const OwnLimit* worst = nullptr;
  for (const OwnLimit& limit : limits) {
    if (worst == nullptr || is_worse(limit.severity, worst->severity)) worst = &limit;
  }
  return worst;
}

std::string plain_words(const Report& report) {
  const Conclusion& conclusion = report.conclusion;
  if (conclusion.verdict == Verdict::authenticated) return good_news(report);
  const std::string reason(to_string(conclusion.reason));
  return fmt::format("{}{}{}", to_string(conclusion.verdict), reason.empty() ? "" : ": ", reason);
}

}  // namespace

std::string headline_of(const Finding& finding) {
  std::string sentence = finding.headline;
  if (!sentence.empty()) sentence.pop_back();  // the full stop
  return shortened(std::move(sentence));
}

// Of equals what the report says counts: it says more than a number of days.
std::string summarize(const Report& report) {
  const std::vector<OwnLimit> passed = passed_limits(report);
  std::vector<std::string_view> codes;
  for (const OwnLimit& limit : passed) codes.push_back(limit.code);
  const OwnLimit* worst = worst_of(passed);
  const Severity others = weigh(report, codes);
  if (worst != nullptr && is_worse(worst->severity, others)) return shortened(worst->words);
  const auto first = std::ranges::find_if(
      report.findings, [&](const Finding& finding) { return std::ranges::find(codes, finding.code) == codes.end(); });
  // They are sorted, so where the first is no more than information all are.
  const bool good = report.conclusion.verdict == Verdict::authenticated;
  if (first == report.findings.end() || (good && first->severity == Severity::info))
    return shortened(plain_words(report));
  return headline_of(*first);
}

}  // namespace danewatch

// The one line a person reads first.

#include <fmt/format.h>

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

std::size_t grave(const std::vector<Finding>& findings) {
  std::size_t count = 0;
  for (const Finding& finding : findings) count += finding.severity != Severity::info;
  return count;
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

std::string summarize(const Report& report) {
  const std::size_t count = grave(report.findings);
  const bool good = report.conclusion.verdict == Verdict::authenticated;
  if (report.findings.empty() || (good && count == 0)) return shortened(plain_words(report));
  return headline_of(report.findings.front());
}

}  // namespace danewatch

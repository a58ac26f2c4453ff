#include "probe/report.hpp"

#include <fmt/format.h>

#include "probe/judge.hpp"
#include "probe/summary.hpp"

namespace danewatch {
namespace {

Report report_with(Target target, Reason reason, Finding finding, SysTime at) {
  Report report;
  report.target = std::move(target);
  report.at = at;
  report.complete = false;
  Judgement& judgement = report.judgement;
  judgement.conclusion = {Verdict::unknown, reason};
  judgement.severity = severity_of(judgement.conclusion, false);
  finding.severity = judgement.severity;
  judgement.findings.push_back(std::move(finding));
  judgement.summary = summarize(report, judgement);
  return report;
}

Finding not_run_finding(const Target& target, Reason reason) {
  const std::string& name = target.text;
  switch (reason) {
    case Reason::refused_by_policy:
      return make_finding("refused-by-policy", name, "The configuration forbids looking at this target.",
                          "Allow it under allow_targets.");
    case Reason::no_network:
      return make_finding("no-network", name, "The DNS root did not answer, so nothing can be said.",
                          "Check this machine's network and its way to DNS servers.");
    case Reason::trust_anchor:
      return make_finding("trust-anchor", name, "The DNS root is not proven by the trust anchor.",
                          "Update the trust anchor, or name a good one with --trust-anchor.");
    case Reason::local_limit:
      return make_finding("local-limit", name, "A limit of this machine kept danewatch from looking.", "");
    case Reason::deadline:
      return make_finding("run-incomplete", name, "The time was over before the target was looked at.",
                          "Give the run more time with --timeout.");
    default:
      return make_finding("not-run", name, "The target was not looked at.", "");
  }
}

}  // namespace

Report bad_target_report(std::string text, const ParseError& error, SysTime at) {
  Finding finding =
      make_finding("bad-target", text.substr(0, 512),
                   fmt::format("This is no target: {} (at character {}).", error.message, error.position + 1),
                   "Write a mail domain, host:port, protocol://host, or _service._tcp.domain.");
  Target target;
  target.text = std::move(text);
  return report_with(std::move(target), Reason::bad_target, std::move(finding), at);
}

Report not_run_report(Target target, Reason reason, SysTime at) {
  Finding finding = not_run_finding(target, reason);
  return report_with(std::move(target), reason, std::move(finding), at);
}

}  // namespace danewatch

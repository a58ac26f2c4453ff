#include "probe/report/report.hpp"

#include <fmt/format.h>

#include "probe/judgement/judge.hpp"
#include "probe/judgement/summary.hpp"

namespace danewatch {
namespace {

Report not_looked_report(Target target, NotLooked why, SysTime at) {
  Evidence evidence;
  evidence.target = std::move(target);
  evidence.at = at;
  evidence.run.complete = false;
  evidence.run.not_looked = std::move(why);
  return judge(std::move(evidence), NoMatcher(), {});
}

Finding bad_target_finding(const std::string& text, const ParseError& error) {
  return make_finding("bad-target", text.substr(0, 512),
                      fmt::format("This is no target: {} (at character {}).", error.message, error.position + 1),
                      "Write a mail domain, host:port, protocol://host, or _service._tcp.domain.");
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

Finding not_looked_finding(const Target& target, const NotLooked& why) {
  return why.error ? bad_target_finding(target.text, *why.error) : not_run_finding(target, why.reason);
}

Report bad_target_report(std::string text, const ParseError& error, SysTime at) {
  Target target;
  target.text = std::move(text);
  return not_looked_report(std::move(target), {Reason::bad_target, error}, at);
}

Report not_run_report(Target target, Reason reason, SysTime at) {
  return not_looked_report(std::move(target), {reason, std::nullopt}, at);
}

}  // namespace danewatch

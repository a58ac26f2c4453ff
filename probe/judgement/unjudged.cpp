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
  Finding finding =
      make_finding("bad-target", text.substr(0, 512),
                   fmt::format("This is not a valid target: {} (at character {}).", error.message, error.position + 1),
                   "Write a mail domain, host:port, protocol://host, or _service._tcp.domain.");
  finding.says.subject = false;
  return finding;
}

Finding not_run_finding(const Target& target, NotLooked::Why why) {
  const std::string& name = target.text;
  switch (why) {
    case NotLooked::Why::refused_by_policy:
      return make_finding("refused-by-policy", name, "The configuration forbids looking at this target.",
                          "Allow it under allow_targets.");
    case NotLooked::Why::local_limit:
      return make_finding("local-limit", name, "A limit of this machine kept danewatch from looking.", "");
    case NotLooked::Why::deadline:
      return make_finding("run-incomplete", name, "Timed out before the target was checked.",
                          "Give the run more time with --timeout.");
    default:
      return make_finding("not-run", name, "The target was not checked.", "");
  }
}

}  // namespace

Finding not_looked_finding(const Target& target, const NotLooked& why) {
  return why.error ? bad_target_finding(target.text, *why.error) : not_run_finding(target, why.why);
}

Report bad_target_report(std::string text, const ParseError& error, SysTime at) {
  Target target;
  target.text = std::move(text);
  return not_looked_report(std::move(target), {NotLooked::Why::bad_target, error}, at);
}

Report not_run_report(Target target, NotLooked::Why why, SysTime at) {
  return not_looked_report(std::move(target), {why, std::nullopt}, at);
}

}  // namespace danewatch

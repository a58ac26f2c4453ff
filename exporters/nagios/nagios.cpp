#include "exporters/nagios/nagios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "exporters/nagios/parts.hpp"
#include "exporters/text/text.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "probe/judgement/summary.hpp"

namespace danewatch::nagios {
namespace {

constexpr std::size_t longest_summary = 110;
constexpr std::size_t longest_error = 160;    // alone on its line
constexpr std::size_t longest_output = 4000;  // octets; NRPE and other carriers cut at 4096

State state_of(Severity severity) {
  return static_cast<State>(exit_status(severity));
}

Severity severity_of(State state) {
  switch (state) {
    case State::ok:
      return Severity::ok;
    case State::warning:
      return Severity::warning;
    case State::critical:
      return Severity::critical;
    case State::unknown:
      break;
  }
  return Severity::unknown;
}

// A figure beyond its threshold.
struct Alarm {
  State state = State::ok;
  std::string words;
  std::optional<Finding> about;
};

Alarm alarm_of(const std::optional<DaysLeft>& left, const Thresholds& thresholds) {
  if (!left || !thresholds.any()) return {};
  const double days = shown(left->days);
  const auto words = [&](const Range& range) {
    if (days < 0) return fmt::format("{} expired {} days ago (range {})", left->of, decimal(-days), range.text);
    return fmt::format("{} expires in {} days (range {})", left->of, decimal(days), range.text);
  };
  if (thresholds.critical && alerts(*thresholds.critical, days))
    return {State::critical, words(*thresholds.critical), left->about};
  if (thresholds.warning && alerts(*thresholds.warning, days))
    return {State::warning, words(*thresholds.warning), left->about};
  return {};
}

// The operator's own limits for dates take the place of ours, where there is a date to hold against them.
bool replaced(const Finding& finding, const Options& options, const Figures& figures) {
  return (finding.code == certificate_code && options.days.any() && figures.days) ||
         (finding.code == signature_code && options.rrsig.any() && figures.rrsig_days);
}

// What the report itself says of a date beyond the operator's limit, or the date alone, at the limit's severity.
void explain(const Alarm& alarm, const std::vector<Finding>& own, std::vector<Finding>& findings) {
  if (!alarm.about) return;
  std::vector<Finding> about;
  std::ranges::copy_if(own, std::back_inserter(about),
                       [&](const Finding& finding) { return finding.code == alarm.about->code; });
  if (about.empty()) about.push_back(*alarm.about);
  const Severity severity = severity_of(alarm.state);
  for (Finding& finding : about) finding.severity = severity;
  const auto place = std::ranges::find_if(findings, [&](const Finding& finding) {
    return danewatch::worse(finding.severity, severity) != finding.severity;
  });
  findings.insert(place, about.begin(), about.end());
}

bool gave_up(const std::vector<Answer>& lookups) {
  return std::ranges::any_of(
      lookups, [](const Answer& answer) { return answer.failure == Failure::timeout && !answer.diagnostic; });
}

// Whether the end of the time came before that of the work.
bool is_late(const Report& report, const Options& options) {
  if (!report.run.complete) return true;
  const bool ours = report.conclusion.verdict == Verdict::unknown;  // no root, no anchor: time would not help
  if (!options.hurried || ours) return false;
  return gave_up(report.walk.lookups) ||
         std::ranges::any_of(report.hosts, [](const HostReport& host) { return gave_up(host.dns.lookups); });
}

// What the end of the time explains says nothing of the world; a question without an answer only if it got little.
bool owed_to_time(const Finding& finding, bool hurried) {
  constexpr std::string_view codes[] = {"run-incomplete", "not-run", "address-unreachable", "views-unobserved"};
  return std::ranges::find(codes, finding.code) != std::end(codes) || (hurried && finding.code == "dns-failed");
}

bool owed_to_time(const Conclusion& conclusion, bool hurried) {
  return conclusion.verdict == Verdict::tempfail || conclusion.verdict == Verdict::unknown ||
         (hurried && conclusion == Conclusion{Verdict::dns_error, Reason::timeout});
}

std::string late_words(const Report& report, const Options& options) {
  if (!report.run.complete) return timeout_words(options.timeout);
  return fmt::format("too little time (-t {})", decimal(static_cast<double>(options.timeout.count()) / 1000));
}

// The report as the operator's options make it: findings they replaced are gone, and the severity with them.
Report adjusted(const Report& report, const Options& options, const Figures& figures, bool late) {
  Report result = report;
  const std::size_t before = result.findings.size();
  std::erase_if(result.findings, [&](const Finding& finding) { return replaced(finding, options, figures); });
  const bool thinned = result.findings.size() != before;
  if (!thinned && !late) return result;
  const Conclusion& conclusion = result.conclusion;
  result.severity = late && owed_to_time(conclusion, options.hurried)
                        ? Severity::ok
                        : danewatch::severity_of(conclusion, report.policy.if_present);
  for (const Finding& finding : result.findings) {
    if (!late || !owed_to_time(finding, options.hurried))
      result.severity = danewatch::worse(result.severity, finding.severity);
  }
  if (thinned) result.summary = summarize(result);
  return result;
}

// Cut between words.
std::string shortened(std::string line, std::size_t limit) {
  if (line.size() <= limit) return line;
  constexpr std::string_view mark = " ...";
  const auto space = line.rfind(' ', limit - mark.size());
  std::size_t end = space == std::string::npos ? limit - mark.size() : space;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0U) == 0x80U) --end;  // not within a character
  line.resize(end);
  if (line.ends_with("...")) return line;
  return line + std::string(mark);
}

std::string headline(State state, std::string_view words, std::size_t limit = longest_summary) {
  return shortened(fmt::format("DANE {} - {}", to_string(state), harmless(words)), limit);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    if (const auto arrow = line.find_first_not_of(' '); arrow != std::string::npos && line.substr(arrow, 3) == "-> ") {
      line.replace(arrow, 2, "fix:");
    }
    lines.push_back(harmless(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> finding_lines(const Report& report, bool all) {
  std::vector<std::string> lines;
  for (const Finding& finding : report.findings) {
    if (finding.severity == Severity::info && !all) continue;
    const std::string ref = finding.ref.empty() ? "" : fmt::format(" ({})", finding.ref);
    lines.push_back(
        harmless(fmt::format("{} {}: {}{}", danewatch::to_string(finding.severity), finding.code, finding.text, ref)));
    if (!finding.remedies.empty()) lines.push_back(harmless("  fix: " + fix_words(finding.remedies)));
  }
  return lines;
}

std::vector<std::string> detail(const Report& report, const Options& options) {
  if (options.verbosity < 2) return finding_lines(report, options.verbosity > 0);
  TextOptions text;
  text.explain = options.verbosity > 2;
  return lines_of(to_text(report, text));
}

// What does not fit is counted, so that nobody takes the rest for the whole.
void append(std::string& text, const std::vector<std::string>& lines) {
  constexpr std::size_t room_for_count = 40;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (text.size() + lines[i].size() + 1 > longest_output - room_for_count) {
      text += fmt::format("... and {} more lines\n", lines.size() - i);
      return;
    }
    text += lines[i] + "\n";
  }
}

// Of equals the first counts: the report's own words say more than a number of days.
std::string words_of(State state, const Report& report, const std::vector<Alarm>& alarms) {
  if (state_of(report.severity) == state) return report.summary;
  return std::ranges::find(alarms, state, &Alarm::state)->words;
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::ok:
      return "OK";
    case State::warning:
      return "WARNING";
    case State::critical:
      return "CRITICAL";
    case State::unknown:
      break;
  }
  return "UNKNOWN";
}

State worse(State left, State right) {
  return state_of(danewatch::worse(severity_of(left), severity_of(right)));
}

std::string timeout_words(std::chrono::milliseconds timeout) {
  return fmt::format("timed out after {} s", decimal(static_cast<double>(timeout.count()) / 1000));
}

std::string harmless(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    const bool control = (c >= '\0' && c < ' ') || c == '\x7f';
    if (control) {
      plain += ' ';
    } else if (c == '|') {
      plain += '/';
    } else if (c == '`' || c == '"') {
      plain += '\'';
    } else if (c == '<' || c == '>') {
      plain += c == '<' ? '(' : ')';
    } else {
      plain += c == '$' ? '?' : c;
    }
  }
  std::string line = words::plain(plain);
  std::ranges::replace(line, '\\', '/');  // those of plain() too: printf "%b" would turn them back
  return line;
}

Output to_nagios(const Report& report, const Options& options) {
  const bool late = is_late(report, options);
  const Figures numbers = figures(report);
  Report told = adjusted(report, options, numbers, late);
  std::vector<Alarm> alarms;
  if (late) {
    alarms.push_back({options.timeout_state, late_words(report, options) + ": " + report.summary, std::nullopt});
  }
  alarms.push_back(alarm_of(numbers.days, options.days));
  alarms.push_back(alarm_of(numbers.rrsig_days, options.rrsig));

  Output output;
  output.state = state_of(told.severity);
  for (const Alarm& alarm : alarms) output.state = worse(output.state, alarm.state);
  const bool by_time = late && options.timeout_state == output.state;
  const std::string words = by_time ? alarms.front().words : words_of(output.state, told, alarms);
  output.text = headline(output.state, words) + " | " + perfdata(report, numbers, options) + "\n";
  told.severity = severity_of(output.state);
  for (const Alarm& alarm : alarms) explain(alarm, report.findings, told.findings);
  append(output.text, detail(told, options));
  return output;
}

Output status_line(State state, std::string_view sentence) {
  return {state, headline(state, sentence, longest_error) + "\n"};
}

}  // namespace danewatch::nagios

#include "exporters/nagios/nagios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "exporters/nagios/parts.hpp"
#include "exporters/text/text.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/validity.hpp"
#include "exporters/words/words.hpp"
#include "probe/judgement/lateness.hpp"

namespace danewatch::nagios {
namespace {

constexpr std::size_t longest_summary = 110;
constexpr std::size_t longest_error = 160;    // alone on its line
constexpr std::size_t longest_output = 4000;  // octets; NRPE and other carriers cut at 4096

std::string late_words(const Report& report) {
  const std::chrono::milliseconds whole = report.policy.time_limit.value_or(TimeLimit()).whole;
  if (!report.run.complete) return timeout_words(whole);
  return fmt::format("too little time (-t {})", decimal(static_cast<double>(whole.count()) / 1000));
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
    lines.push_back(harmless(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> finding_lines(const Report& report, bool all) {
  std::vector<std::string> lines;
  for (const Finding& finding : report.findings) {
    if (is_good(finding.severity) && !all) continue;
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
  text.fix_lead = "fix: ";
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

// ", valid until 2026-02-20 (in 20 days)", or without the days, as far as it fits.
std::string room_for_date(State state, const Report& report) {
  const auto validity = words::validity_of(report);
  if (!validity) return "";
  const std::size_t used = fmt::formatted_size("DANE {} - {}, ", to_string(state), report.summary);
  for (const auto& words : {fmt::format("{} ({})", validity->until, validity->in), validity->until}) {
    if (used + words.size() <= longest_summary) return ", " + words;
  }
  return "";
}

}  // namespace

State state_of(Severity severity) {
  return static_cast<State>(exit_status(severity));
}

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
  Output output;
  output.state = state_of(report.severity);
  const std::string late = is_decided_by_time(report) ? late_words(report) + ": " : "";
  const std::string before = words::lead(report.run.origin) + late;
  const std::string date = before.empty() ? room_for_date(output.state, report) : "";
  output.text = headline(output.state, before + report.summary + date) + " | " + perfdata(report) + "\n";
  std::vector<std::string> lines = detail(report, options);
  for (const std::string& each : options.remembered) lines.push_back(harmless(each));
  append(output.text, lines);
  return output;
}

Output status_line(State state, std::string_view sentence) {
  return {state, headline(state, sentence, longest_error) + "\n"};
}

}  // namespace danewatch::nagios

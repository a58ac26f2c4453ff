#include "exporters/text/text.hpp"

#include <fmt/format.h>

#include <set>
#include <span>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/remedies.hpp"
#include "exporters/words/validity.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Span;
using layout::Spans;
using layout::Tone;

bool silent(Severity severity, const TextOptions& options) {
  return options.quiet && is_good(severity);
}

Span severity_span(Severity severity) {
  return {words::headline_word(severity), words::tone_of(severity)};
}

void headline(Page& page, const Report& report) {
  page.paragraph(
      severity_span(report.severity), "",
      {{words::target(report.target), Tone::strong}, {": "}, words::conclusion_span(report.conclusion, report.policy)});
  const std::string summary = words::plain(report.summary);
  if (!sections::says_summary(report.findings, report.summary)) page.paragraph({}, "", {{summary}});
  if (report.impact) {
    const Verdict verdict = report.conclusion.verdict;
    const bool no_mx = verdict == Verdict::dns_error && report.hosts.empty();
    const bool all_senders = verdict == Verdict::tempfail || no_mx;
    page.paragraph({}, "", {{std::string(words::sentence(*report.impact, all_senders))}});
  }
  if (const auto validity = words::validity_of(report)) {
    page.paragraph({}, "", {{fmt::format("{} ({}, {}).", capital(validity->until), validity->in, validity->of)}});
  }
  const std::string_view origin = words::sentence(report.run.origin);
  if (!origin.empty()) page.paragraph({}, "", {{std::string(origin)}});
  if (!report.run.complete) page.paragraph({}, "", {{"The run ended early; what was not looked at is unknown."}});
}

// What neither the headline nor the finding's own sentence says.
std::string place_of(const Report& report, const Finding& finding) {
  std::string place;
  const auto add = [&](const std::string& part) { place += (place.empty() ? "" : ", ") + part; };
  const bool only_host = report.hosts.size() == 1;
  if (finding.host && !only_host && !finding.says.host) add(escape_for_terminal(*finding.host));
  if (finding.record) add(layout::glued(fmt::format("record {}", *finding.record + 1)));
  if (finding.address && !finding.says.address) add(to_string(*finding.address));
  if (finding.view && *finding.view != View::standard)
    add(layout::glued(fmt::format("{} view", to_string(*finding.view))));
  const bool placed = finding.host || finding.record || finding.address;
  if (!placed && !finding.says.subject && finding.subject != report.target.text &&
      finding.subject != report.target.name) {
    add(words::plain(finding.subject));
  }
  return place;
}

// "As zone lines: --remedy 1 (if this is an old key)."; empty where all of it is in words.
std::string zone_lines_of(const Finding& finding, std::span<const words::NumberedRemedy> remedies) {
  std::string text;
  for (const auto& each : remedies) {
    if (each.finding != &finding || words::zone_steps(*each.remedy).empty()) continue;
    const std::string condition = words::condition_clause(*each.remedy);
    text += (text.empty() ? "As zone lines: " : ", or ") + layout::glued(fmt::format("--remedy {}", each.number));
    if (!condition.empty()) text += fmt::format(" ({})", words::plain(condition));
  }
  return text.empty() ? text : text + ".";
}

void findings(Page& page, const Report& report, const TextOptions& options) {
  const auto& all = report.findings;
  const auto remedies = options.explain ? words::numbered_remedies(report) : std::vector<words::NumberedRemedy>();
  std::set<const TlsaRecord*> said;
  for (const auto& finding : all) {
    const TlsaRecord* record = words::faulty_record_of(report, finding);
    const bool show =
        record != nullptr && !is_good(finding.severity) && !finding.says.record && !sections::says_data(all, *record);
    const bool first = show && said.insert(record).second;
    page.blank();
    sections::finding(page, {finding, place_of(report, finding), first ? record : nullptr, options.fix_lead,
                             zone_lines_of(finding, remedies)});
  }
}

void hosts(Page& page, const Report& report, bool explain) {
  if (report.hosts.size() != 1) {
    page.blank();
    sections::dns_proof(page, sections::pointers(report.walk.lookups), report.at);
  }
  for (const HostReport& host : report.hosts) {
    page.blank();
    sections::host(page, report, host);
    if (explain) sections::explain_host(page, host);
  }
}

}  // namespace

std::vector<layout::Line> compose(const Report& report, const TextOptions& options) {
  Page page(options.width);
  if (silent(report.severity, options)) return {};
  headline(page, report);
  findings(page, report, options);
  hosts(page, report, options.explain);
  sections::name_servers(page, report, options.explain);
  if (options.explain) sections::lookups(page, report.walk.lookups);
  return page.lines();
}

std::string to_text(const Report& report, const TextOptions& options) {
  return layout::render(compose(report, options), options.color);
}

std::string to_line(const Report& report, const TextOptions& options) {
  if (silent(report.severity, options)) return {};
  constexpr std::size_t target_columns = 20, conclusion_columns = 23;  // "tls-missing/not-offered"
  const Span severity = severity_span(report.severity);
  const Span conclusion = words::conclusion_span(report.conclusion, report.policy);
  const std::string summary = words::lead(report.run.origin) + words::plain(report.summary);
  const Spans spans{{layout::padded(severity.text, layout::gutter - 2), severity.tone},
                    {"  " + layout::padded(words::target(report.target), target_columns) + "  "},
                    {layout::padded(conclusion.text, conclusion_columns), conclusion.tone},
                    {"  " + summary}};
  if (display_width(layout::render(spans, false)) <= options.width) return layout::render(spans, options.color);
  Page page(options.width);
  page.paragraph(severity, "", {{layout::glued(spans[1].text.substr(2))}, {conclusion.text, conclusion.tone}});
  page.paragraph({}, "", {{summary}});
  std::string text = layout::render(page.lines(), options.color);
  text.pop_back();  // whoever prints lines ends them
  return text;
}

}  // namespace danewatch

#include "exporters/text.hpp"

#include <fmt/format.h>

#include "exporters/escape.hpp"
#include "exporters/text_sections.hpp"
#include "exporters/text_words.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Span;
using layout::Spans;
using layout::Tone;

bool silent(Severity severity, const TextOptions& options) {
  return options.quiet && (severity == Severity::ok || severity == Severity::info);
}

void headline(Page& page, const Report& report) {
  const Judgement& judgement = report.judgement;
  const Span severity{words::headline_word(judgement.severity), words::tone_of(judgement.severity)};
  page.paragraph(severity, "",
                 {{words::target(report.target), Tone::strong},
                  {" "},
                  words::conclusion_span(judgement.conclusion, report.policy)});
  if (!judgement.summary.empty()) page.paragraph({}, "", {{escape_for_terminal(judgement.summary)}});
  if (judgement.impact) page.paragraph({}, "", {{std::string(words::sentence(*judgement.impact))}});
  if (!report.complete) {
    page.paragraph({}, "", {{"The run ended early; what was not looked at is unknown.", Tone::warn}});
  }
}

// Where to look, without what the headline says already.
std::string place_of(const Report& report, const Finding& finding) {
  std::string place;
  const auto add = [&](const std::string& part) { place += (place.empty() ? "" : ", ") + part; };
  const bool only_host = report.dns.hosts.size() == 1 && finding.host == report.target.name;
  if (finding.host && !only_host) add(escape_for_terminal(*finding.host));
  if (finding.record) add(layout::glued(fmt::format("record {}", *finding.record + 1)));
  if (finding.address) add(to_string(*finding.address));
  if (finding.view) add(layout::glued(fmt::format("{} view", to_string(*finding.view))));
  return place;
}

const TlsaRecord* record_of(const Report& report, const Finding& finding) {
  if (!finding.host || !finding.record) return nullptr;
  for (const auto& host : report.dns.hosts) {
    if (host.host == *finding.host && *finding.record < host.tlsa.size()) return &host.tlsa[*finding.record];
  }
  return nullptr;
}

}  // namespace

std::vector<layout::Line> compose(const Report& report, const TextOptions& options) {
  Page page(options.width);
  if (silent(report.judgement.severity, options)) return {};
  headline(page, report);
  for (const auto& finding : report.judgement.findings) {
    page.blank();
    sections::finding(page, {finding, place_of(report, finding), record_of(report, finding)});
  }
  for (std::size_t i = 0; i < report.dns.hosts.size(); ++i) {
    page.blank();
    sections::host(page, report, i);
    if (options.explain) sections::explain_host(page, report, i);
  }
  if (options.explain && !report.dns.lookups.empty()) {
    page.blank();
    sections::lookups(page, report.dns.lookups);
  }
  return page.lines();
}

std::string to_text(const Report& report, const TextOptions& options) {
  return layout::render(compose(report, options), options.color);
}

std::string to_line(const Report& report, const TextOptions& options) {
  const Judgement& judgement = report.judgement;
  if (silent(judgement.severity, options)) return {};
  constexpr std::size_t target_columns = 20, conclusion_columns = 17;
  const Span severity{words::headline_word(judgement.severity), words::tone_of(judgement.severity)};
  const Span conclusion = words::conclusion_span(judgement.conclusion, report.policy);
  const Spans spans{{layout::padded(severity.text, layout::gutter - 2), severity.tone},
                    {"  " + layout::padded(words::target(report.target), target_columns) + "  "},
                    {layout::padded(conclusion.text, conclusion_columns), conclusion.tone},
                    {"  " + escape_for_terminal(judgement.summary)}};
  return layout::render(spans, options.color);
}

}  // namespace danewatch

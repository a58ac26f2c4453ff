#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "probe/judgement/summary.hpp"
#include "probe/report/record_words.hpp"

namespace danewatch::sections {
namespace {

using layout::Page;
using layout::Span;
using layout::Spans;
using layout::Tone;

// Lines to copy stand between the paragraphs.
void fix(Page& page, std::string_view lead, const Remedies& remedies) {
  const std::string blank(lead.size(), ' ');
  Spans paragraph;
  const auto end_paragraph = [&] {
    if (paragraph.empty()) return;
    page.paragraph({}, lead, paragraph);
    lead = blank;
    paragraph.clear();
  };
  for (const FixPiece& piece : fix_pieces(remedies)) {
    switch (piece.kind) {
      case FixPiece::Kind::prose:
        paragraph.push_back({words::plain(piece.text)});
        break;
      case FixPiece::Kind::word:
        paragraph.push_back({layout::glued('"' + escape_for_terminal(piece.text) + '"')});
        break;
      case FixPiece::Kind::line:
        end_paragraph();
        page.copy(escape_for_terminal(piece.text));
        break;
    }
  }
  end_paragraph();
}

Spans text_of(const Finding& finding) {
  Spans spans{{words::plain(finding.text)}};
  if (!finding.ref.empty()) spans.push_back({" (" + layout::glued(words::plain(finding.ref)) + ")", Tone::faint});
  return spans;
}

}  // namespace

bool says_data(const std::vector<Finding>& findings, const TlsaRecord& record) {
  return std::ranges::any_of(findings, [&](const Finding& f) { return shows_data(f.remedies, record); });
}

bool says_summary(const std::vector<Finding>& findings, const std::string& summary) {
  return std::ranges::any_of(
      findings, [&](const Finding& f) { return headline_of(f) == summary || f.headline == summary + "."; });
}

void finding(Page& page, const Subject& subject) {
  const Finding& finding = subject.finding;
  const Span severity{std::string(to_string(finding.severity)), words::tone_of(finding.severity)};
  Spans head{{std::string(finding.code), Tone::strong}};
  if (!subject.place.empty()) head.push_back({": " + subject.place});
  page.paragraph(severity, "", head);
  page.paragraph({}, "", text_of(finding));
  if (subject.record != nullptr) page.copy(escape_for_terminal(full_line_of(*subject.record)));
  fix(page, subject.lead, finding.remedies);
  if (!subject.zone_lines.empty()) page.paragraph({}, "   ", {{subject.zone_lines, Tone::faint}});
}

}  // namespace danewatch::sections

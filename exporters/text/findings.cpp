#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "probe/judgement/summary.hpp"

namespace danewatch::sections {
namespace {

using layout::Page;
using layout::Span;
using layout::Spans;
using layout::Tone;

// Short code reads well inside a sentence; anything longer is there to be copied.
constexpr std::size_t longest_inline_code = 32;

// What is left of a sentence after its code moved to a line of its own.
std::string_view without_leading_stop(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" .,;:");
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

// The fix: prose and code in turn, every second piece stood between backticks.
class Fix {
 public:
  explicit Fix(Page& page) : page_(page) {}

  void write(std::string_view text) {
    for (bool code = false;; code = !code) {
      const std::size_t end = text.find('`');
      if (code && end != std::string_view::npos) {
        add_code(escape_for_terminal(text.substr(0, end)));
      } else {
        add_prose(words::plain(text.substr(0, end)));
      }
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
    }
    end_paragraph();
  }

 private:
  void add_code(const std::string& code) {
    if (code.size() <= longest_inline_code) {
      spans_.push_back({layout::glued('"' + code + '"')});
      return;
    }
    end_paragraph();
    page_.copy(code);
    after_copy_ = true;
  }

  void add_prose(std::string_view prose) {
    if (after_copy_) prose = without_leading_stop(prose);
    if (prose.empty()) return;
    after_copy_ = false;
    spans_.push_back({std::string(prose)});
  }

  void end_paragraph() {
    if (spans_.empty()) return;
    page_.paragraph({}, lead_, spans_);
    lead_ = "   ";
    spans_.clear();
  }

  Page& page_;
  std::string_view lead_ = "-> ";
  Spans spans_;
  bool after_copy_ = false;
};

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
  if (subject.record != nullptr) {
    const bool owned = !subject.record->owner.empty();
    page.copy(escape_for_terminal(owned ? to_zone_line(*subject.record) : to_text(*subject.record)));
  }
  if (!finding.remedies.empty()) Fix(page).write(fix_words(finding.remedies));
  if (!subject.zone_lines.empty()) page.paragraph({}, "   ", {{subject.zone_lines, Tone::faint}});
}

}  // namespace danewatch::sections

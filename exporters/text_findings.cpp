#include <fmt/format.h>

#include <string_view>

#include "exporters/escape.hpp"
#include "exporters/text_sections.hpp"
#include "exporters/text_words.hpp"

namespace danewatch::sections {
namespace {

using layout::Page;
using layout::Spans;
using layout::Tone;

// Short code reads well inside a sentence; anything longer is there to be copied.
constexpr std::size_t longest_inline_code = 32;

// What is left of a sentence after its code moved to an own line.
std::string_view without_leading_stop(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" .,;:");
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

// Prose and code in turn: every second piece stood between backticks.
class Prose {
 public:
  Prose(Page& page, std::string_view lead) : page_(page), lead_(lead) {}

  void add(std::string_view text) {
    bool code = false;
    while (true) {
      const std::size_t end = text.find('`');
      piece(text.substr(0, end), code && end != std::string_view::npos);
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
      code = !code;
    }
  }

  void add_reference(std::string_view ref) {
    if (!ref.empty()) spans_.push_back({" (" + words::reference(ref) + ")", Tone::faint});
  }

  void end() {
    if (!spans_.empty()) page_.paragraph({}, lead_, spans_);
    if (!spans_.empty()) lead_ = std::string(lead_.size(), ' ');
    spans_.clear();
  }

 private:
  void piece(std::string_view text, bool code) {
    const std::string safe = escape_for_terminal(text);
    if (code && safe.size() > longest_inline_code) {
      end();
      page_.copy(safe);
      after_copy_ = true;
      return;
    }
    const std::string_view prose = after_copy_ ? without_leading_stop(safe) : std::string_view(safe);
    after_copy_ = after_copy_ && prose.empty();
    if (!prose.empty()) spans_.push_back({code ? layout::glued(std::string(prose)) : std::string(prose)});
  }

  Page& page_;
  std::string lead_;
  Spans spans_;
  bool after_copy_ = false;
};

bool says_data_of(const Finding& finding, const TlsaRecord& record) {
  const std::string hex = to_hex(record.data);
  return !hex.empty() && (finding.text.find(hex) != std::string::npos || finding.fix.find(hex) != std::string::npos);
}

}  // namespace

void finding(Page& page, const Subject& subject) {
  const Finding& finding = subject.finding;
  const std::string place = subject.place.empty() ? escape_for_terminal(finding.subject) : subject.place;
  page.paragraph({std::string(to_string(finding.severity)), words::tone_of(finding.severity)}, "",
                 {{std::string(finding.code), Tone::strong}, {place.empty() ? "" : "  " + place}});
  Prose text(page, "");
  text.add(finding.text);
  text.add_reference(finding.ref);
  text.end();
  if (subject.record != nullptr && !says_data_of(finding, *subject.record)) {
    page.copy(escape_for_terminal(to_zone_line(*subject.record)));
  }
  if (finding.fix.empty()) return;
  Prose fix(page, "-> ");
  fix.add(finding.fix);
  fix.end();
}

}  // namespace danewatch::sections

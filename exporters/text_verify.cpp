#include <fmt/format.h>

#include "exporters/at_or_default.hpp"
#include "exporters/escape.hpp"
#include "exporters/text_sections.hpp"
#include "exporters/text_words.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Span;
using layout::Spans;
using layout::Tone;

void headline(Page& page, const VerifyReport& report) {
  const std::string name = report.question.names.empty() ? "" : escape_for_terminal(report.question.names.front());
  page.paragraph({words::headline_word(report.severity), words::tone_of(report.severity)}, "",
                 {{name + " ", Tone::strong}, words::conclusion_span(report.match.conclusion, report.question.policy)});
  if (!report.summary.empty()) page.paragraph({}, "", {{escape_for_terminal(report.summary)}});
}

void records(Page& page, const VerifyReport& report) {
  std::vector<Spans> rows;
  for (std::size_t i = 0; i < report.question.records.size(); ++i) {
    const TlsaRecord& record = report.question.records[i];
    Spans row{{std::to_string(i + 1)}, {words::parameters(record)}, {words::short_data(record)}};
    row.push_back({i < report.states.size() ? std::string(to_string(report.states[i])) : "not judged"});
    if (const auto& why = at_or_default(report.match.unusable, i)) row.push_back({escape_for_terminal(*why)});
    rows.push_back(std::move(row));
  }
  if (!rows.empty()) page.blank();
  page.table({"records", Tone::faint}, rows);
}

// The record that fits the leaf whatever its issuer, names and dates (RFC 7671 5.1).
void right_record(Page& page, const VerifyReport& report) {
  const VerifyQuestion& question = report.question;
  if (report.match.match || question.chain.empty() || question.chain.front().spki_sha256.empty()) return;
  const std::string parameters = "3 1 1 " + question.chain.front().spki_sha256;
  const bool has_owner = question.service->port != 0 && !question.names.empty();
  const std::string owner =
      has_owner ? fmt::format("_{}._tcp.{}. IN TLSA ", question.service->port, question.names.front()) : "";
  page.blank();
  page.paragraph({"right", Tone::faint}, "", {{"This record matches the key of the chain's first certificate:"}});
  page.copy(escape_for_terminal(owner + parameters));
}

}  // namespace

std::vector<layout::Line> compose(const VerifyReport& report, const TextOptions& options) {
  Page page(options.width);
  const bool ok = report.severity == Severity::ok || report.severity == Severity::info;
  if (options.quiet && ok) return {};
  headline(page, report);
  records(page, report);
  for (const auto& finding : report.findings) {
    const bool known = finding.record && *finding.record < report.question.records.size();
    const TlsaRecord* record = known ? &report.question.records[*finding.record] : nullptr;
    const std::string place = known ? layout::glued(fmt::format("record {}", *finding.record + 1)) : "";
    page.blank();
    sections::finding(page, {finding, place, record});
  }
  right_record(page, report);
  return page.lines();
}

std::string to_text(const VerifyReport& report, const TextOptions& options) {
  return layout::render(compose(report, options), options.color);
}

}  // namespace danewatch

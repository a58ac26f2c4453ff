#include <fmt/format.h>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Row;
using layout::Tone;

void headline(Page& page, const VerifyReport& report) {
  const std::string name =
      report.question.names.empty() ? "" : escape_for_terminal(report.question.names.front()) + ": ";
  page.paragraph({words::headline_word(report.severity), words::tone_of(report.severity)}, "",
                 {{name, Tone::strong}, words::conclusion_span(report.match.conclusion, report.question.policy)});
  const std::string summary = words::plain(report.summary);
  if (!sections::says_summary(report.findings, report.summary)) page.paragraph({}, "", {{summary}});
}

void findings(Page& page, const VerifyReport& report) {
  for (const auto& finding : report.findings) {
    const bool known = finding.record && *finding.record < report.records.size();
    const std::string place = known ? layout::glued(fmt::format("record {}", *finding.record + 1)) : "";
    page.blank();
    sections::finding(page, {finding, place, nullptr, {}});
  }
}

void records(Page& page, const VerifyReport& report) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < report.records.size(); ++i) {
    const TlsaRecord& record = report.records[i].record;
    const std::string state(to_string(report.records[i].state));
    const std::string why = words::plain(report.records[i].unusable.value_or(""));
    rows.push_back(
        {{{std::to_string(i + 1)}, {words::parameters(record)}, {words::short_data(record)}, {state}, {why}}, {}});
  }
  page.blank();
  page.table({"records", Tone::faint}, rows);
}

// The record that fits the leaf whatever its issuer, names and dates (RFC 7671 5.1), unless a finding gives it.
void right_record(Page& page, const VerifyReport& report) {
  const VerifyQuestion& question = report.question;
  if (report.match.match || question.chain.empty()) return;
  const auto key = from_hex(question.chain.front().spki_sha256);
  if (!key || key->empty()) return;
  TlsaRecord right{"", 3, 1, 1, *key, false};
  if (sections::says_data(report.findings, right)) return;
  if (question.service->port != 0 && !question.names.empty()) {
    right.owner = fmt::format("_{}._tcp.{}", question.service->port, question.names.front());
  }
  page.blank();
  page.paragraph({}, "", {{"This record matches the first certificate of the chain:"}});
  page.copy(escape_for_terminal(right.owner.empty() ? to_text(right) : to_zone_line(right)));
}

}  // namespace

std::vector<layout::Line> compose(const VerifyReport& report, const TextOptions& options) {
  Page page(options.width);
  const bool ok = report.severity == Severity::ok || report.severity == Severity::info;
  if (options.quiet && ok) return {};
  headline(page, report);
  findings(page, report);
  records(page, report);
  right_record(page, report);
  return page.lines();
}

std::string to_text(const VerifyReport& report, const TextOptions& options) {
  return layout::render(compose(report, options), options.color);
}

}  // namespace danewatch

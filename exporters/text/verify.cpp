#include <fmt/format.h>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "probe/findings/right_record.hpp"
#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Row;
using layout::Tone;

void headline(Page& page, const VerifyReport& report) {
  const Report& all = report.report;
  const std::string name = escape_for_terminal(report.host().dns.names.front()) + ": ";
  page.paragraph({words::headline_word(all.severity), words::tone_of(all.severity)}, "",
                 {{name, Tone::strong}, words::conclusion_span(report.endpoint().conclusion, all.policy)});
  if (!sections::says_summary(all.findings, all.summary)) page.paragraph({}, "", {{words::plain(all.summary)}});
}

void findings(Page& page, const VerifyReport& report, const TextOptions& options) {
  for (const auto& finding : report.report.findings) {
    const std::string place = finding.record ? layout::glued(fmt::format("record {}", *finding.record + 1)) : "";
    page.blank();
    sections::finding(page, {finding, place, nullptr, options.fix_lead, {}});
  }
}

void records(Page& page, const VerifyReport& report) {
  std::vector<Row> rows;
  for (const RecordReport& each : report.host().records) {
    const std::string number = std::to_string(each.place + 1);
    const std::string state(to_string(each.state));
    const std::string why = words::plain(each.unusable.value_or(""));
    rows.push_back(
        {{{number}, {words::parameters(each.record)}, {words::short_data(each.record)}, {state}, {why}}, {}});
  }
  page.blank();
  page.table({"records", Tone::faint}, rows);
}

// The record that fits the leaf whatever its issuer, names and dates (RFC 7671 5.1), unless a finding gives it.
void fitting_record(Page& page, const VerifyReport& report) {
  const std::vector<Certificate>& chain = report.endpoint().seen.chain;
  if (report.endpoint().match.match || chain.empty()) return;
  TlsaRecord right = right_record(report.host(), chain.front());
  if (right.data.empty() || sections::says_data(report.report.findings, right)) return;
  const std::uint16_t port = report.report.target.service->port;
  if (right.owner.empty() && port != 0) right.owner = fmt::format("_{}._tcp.{}", port, report.host().dns.names.front());
  page.blank();
  page.paragraph({}, "", {{"This record matches the first certificate of the chain:"}});
  page.copy(escape_for_terminal(full_line_of(right)));
}

}  // namespace

std::vector<layout::Line> compose(const VerifyReport& report, const TextOptions& options) {
  Page page(options.width);
  if (options.quiet && is_good(report.report.severity)) return {};
  headline(page, report);
  findings(page, report, options);
  records(page, report);
  fitting_record(page, report);
  return page.lines();
}

std::string to_text(const VerifyReport& report, const TextOptions& options) {
  return layout::render(compose(report, options), options.color);
}

}  // namespace danewatch

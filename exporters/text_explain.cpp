#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "exporters/at_or_default.hpp"
#include "exporters/escape.hpp"
#include "exporters/text_sections.hpp"
#include "exporters/text_words.hpp"

namespace danewatch::sections {
namespace {

using layout::glued;
using layout::Page;
using layout::Span;
using layout::Spans;
using layout::Tone;

Span label(std::string text) {
  return {std::move(text), Tone::faint};
}

struct Symbol {
  Cell cell;
  char mark;
  std::string_view meaning;
  Tone tone;
};

// No match is the emptiest mark: a stale record is an empty row, a wrong server an empty column.
constexpr std::array symbols{
    Symbol{Cell::match, '#', "match", Tone::good}, Symbol{Cell::no_match, '.', "no match", Tone::plain},
    Symbol{Cell::shadowed, 's', "shadowed", Tone::warn}, Symbol{Cell::unusable, 'u', "unusable", Tone::warn},
    Symbol{Cell::unobserved, '?', "not observed", Tone::plain}};

const Symbol& symbol_of(Cell cell) {
  return *std::ranges::find(symbols, cell, &Symbol::cell);
}

class Matrix {
 public:
  Matrix(const HostEvidence& host, const HostJudgement& judgement) : host_(host), judgement_(judgement) {}

  // Endpoints [first, last) as columns.
  std::vector<Spans> rows(std::size_t first, std::size_t last) {
    std::vector<Spans> rows{{{""}, {""}}};
    for (std::size_t e = first; e < last; ++e) rows.front().push_back({words::endpoint_label(e), Tone::strong});
    for (std::size_t r = 0; r < host_.tlsa.size(); ++r) {
      Spans row{{std::to_string(r + 1)}, {words::parameters(host_.tlsa[r])}};
      for (std::size_t e = first; e < last; ++e) row.push_back(cell(r, e));
      rows.push_back(std::move(row));
    }
    return rows;
  }

  std::string legend() const {
    std::string text;
    for (const auto& symbol : symbols) {
      if (!seen_[static_cast<std::size_t>(symbol.cell)]) continue;
      text += (text.empty() ? "" : "  ") + glued(fmt::format("{} {}", symbol.mark, symbol.meaning));
    }
    return text;
  }

 private:
  Span cell(std::size_t record, std::size_t endpoint) {
    const auto& cells = judgement_.endpoints[endpoint].cells;
    const Cell value = record < cells.size() ? cells[record] : Cell::unobserved;
    seen_[static_cast<std::size_t>(value)] = true;
    const Symbol& symbol = symbol_of(value);
    return {std::string(1, symbol.mark), symbol.tone};
  }

  const HostEvidence& host_;
  const HostJudgement& judgement_;
  std::array<bool, symbols.size()> seen_{};
};

void matrix(Page& page, const HostEvidence& host, const HostJudgement& judgement) {
  if (host.tlsa.empty() || judgement.endpoints.empty()) return;
  constexpr std::size_t columns = 8;  // fits the narrowest page
  Matrix matrix(host, judgement);
  const std::size_t endpoints = judgement.endpoints.size();
  for (std::size_t first = 0; first < endpoints; first += columns) {
    page.table(label(first == 0 ? "matrix" : ""), matrix.rows(first, std::min(first + columns, endpoints)));
  }
  page.paragraph({}, "", {{matrix.legend()}});
}

void certificate(Page& page, const Span& head, const std::string& lead, const Certificate& member) {
  if (!member.error.empty()) {
    page.paragraph(head, lead, {{"does not parse: " + escape_for_terminal(member.error)}});
  } else {
    page.paragraph(head, lead, {{escape_for_terminal(member.subject.empty() ? "(no subject)" : member.subject)}});
    const std::string indent(lead.size(), ' ');
    page.paragraph({}, indent, {{"issued by " + escape_for_terminal(member.issuer)}});
    page.paragraph({}, indent,
                   {{fmt::format("{}, {} to {}", escape_for_terminal(member.key),
                                 words::date_and_time(member.not_before), words::date_and_time(member.not_after))}});
    std::string names;
    for (const auto& name : member.names) names += (names.empty() ? "for " : ", ") + escape_for_terminal(name);
    if (!names.empty()) page.paragraph({}, indent, {{names}});
  }
  const std::string indent(lead.size(), ' ');
  if (!member.sha256.empty()) page.paragraph({}, indent, {{"certificate SHA-256 " + member.sha256}});
  if (!member.spki_sha256.empty()) page.paragraph({}, indent, {{"public key SHA-256 " + member.spki_sha256}});
}

// A chain shown by several endpoints is written once.
void chains(Page& page, const std::vector<TlsEvidence>& seen) {
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i].chain.empty()) continue;
    const auto same = std::ranges::find(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(i), seen[i].chain,
                                        &TlsEvidence::chain);
    const auto first = static_cast<std::size_t>(same - seen.begin());
    const Span head = label("chain " + words::endpoint_label(i));
    if (first < i) {
      page.paragraph(head, "", {{"as " + words::endpoint_label(first)}});
      continue;
    }
    for (std::size_t depth = 0; depth < seen[i].chain.size(); ++depth) {
      certificate(page, depth == 0 ? head : Span{}, fmt::format("{}  ", depth), seen[i].chain[depth]);
    }
  }
}

std::string seconds(const std::optional<std::uint32_t>& value) {
  return value ? fmt::format("{} s", *value) : "unknown";
}

std::string status_line(const Answer& answer) {
  std::string line(to_string(answer.status));
  if (answer.failure != Failure::none) line += fmt::format(" ({})", to_string(answer.failure));
  if (answer.rcode) line += ", " + rcode_name(*answer.rcode);
  if (answer.denial != Denial::none) line += fmt::format(", {}", to_string(answer.denial));
  if (answer.ttl) line += ", TTL " + seconds(answer.ttl);
  if (answer.original_ttl && answer.original_ttl != answer.ttl) line += " of " + seconds(answer.original_ttl);
  return line;
}

void lookup(Page& page, const Span& head, const Answer& answer) {
  constexpr std::string_view indent = "   ";
  page.paragraph(head, "",
                 {{escape_for_terminal(answer.question.name) + " "},
                  {to_string(answer.question.type), Tone::strong},
                  {answer.diagnostic ? " (diagnostic)" : ""}});
  page.paragraph({}, indent, {{status_line(answer)}});
  for (const auto& alias : answer.aliases) {
    page.paragraph({}, indent,
                   {{fmt::format("{} {} {}", escape_for_terminal(alias.from), to_string(alias.type),
                                 escape_for_terminal(alias.to))}});
  }
  for (const auto& rdata : answer.data) {
    page.paragraph({}, indent, {{escape_for_terminal(rdata.text)}, {rdata.malformed ? " (malformed)" : ""}});
  }
  if (answer.rrsig_inception && answer.rrsig_expires) {
    const std::string by = answer.signer ? " by " + escape_for_terminal(*answer.signer) : "";
    page.paragraph({}, indent,
                   {{fmt::format("signed {} to {}{}", words::date_and_time(*answer.rrsig_inception),
                                 words::date_and_time(*answer.rrsig_expires), by)}});
  }
  if (!answer.why_bogus.empty()) {
    page.paragraph({}, indent, {{"bogus because: " + escape_for_terminal(answer.why_bogus), Tone::bad}});
  }
}

}  // namespace

void lookups(Page& page, const std::vector<Answer>& answers) {
  for (std::size_t i = 0; i < answers.size(); ++i) lookup(page, label(i == 0 ? "lookups" : ""), answers[i]);
}

void explain_host(Page& page, const Report& report, std::size_t index) {
  const HostEvidence& host = report.dns.hosts[index];
  std::string names;
  for (const auto& name : host.names) names += (names.empty() ? "" : ", ") + escape_for_terminal(name);
  if (!names.empty()) page.paragraph(label("names"), "", {{names}});
  matrix(page, host, at_or_default(report.judgement.hosts, index));
  chains(page, at_or_default(report.tls, index));
  lookups(page, host.lookups);
}

}  // namespace danewatch::sections

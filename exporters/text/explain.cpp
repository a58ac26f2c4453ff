#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <span>
#include <utility>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "resolver/dns/tlsa_line.hpp"

namespace danewatch::sections {
namespace {

using layout::glued;
using layout::Page;
using layout::Row;
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
  explicit Matrix(const HostReport& host) : host_(host) {}

  std::vector<Row> rows(std::span<const EndpointReport> columns) {
    std::vector<Row> rows{{{{""}, {""}}, {}}};
    for (const EndpointReport& each : columns) {
      rows.front().cells.push_back({words::endpoint_label(each.place), Tone::strong});
    }
    for (const RecordReport& record : host_.records) {
      Row row{{{std::to_string(record.place + 1)}, {words::parameters(record.record)}}, {}};
      for (const EndpointReport& each : columns) row.cells.push_back(span_of(cell_of(each, record)));
      rows.push_back(std::move(row));
    }
    return rows;
  }

  std::string legend() const {
    std::string text;
    for (const auto& symbol : symbols) {
      if (!seen_[static_cast<std::size_t>(symbol.cell)]) continue;
      text += (text.empty() ? "" : ", ") + glued(fmt::format("{} {}", symbol.mark, symbol.meaning));
    }
    return text;
  }

 private:
  Span span_of(Cell cell) {
    seen_[static_cast<std::size_t>(cell)] = true;
    const Symbol& symbol = symbol_of(cell);
    return {std::string(1, symbol.mark), symbol.tone};
  }

  const HostReport& host_;
  std::array<bool, symbols.size()> seen_{};
};

// What the numbers of the records mean, each kind once.
void kinds(Page& page, const std::vector<RecordReport>& all) {
  std::vector<Row> rows;
  std::vector<std::string> said;
  for (const RecordReport& each : all) {
    const std::string numbers = numbers_of(each.record);
    if (each.record.truncated || std::ranges::find(said, numbers) != said.end()) continue;
    said.push_back(numbers);
    rows.push_back({{{numbers}, {acronyms_of(each.record)}}, {}});
  }
  if (!rows.empty()) page.table(label("kinds"), rows);
}

void matrix(Page& page, const HostReport& host) {
  if (host.records.empty() || host.endpoints.empty()) return;
  constexpr std::size_t columns = 8;  // fits the narrowest page
  Matrix matrix(host);
  const std::span<const EndpointReport> all(host.endpoints);
  for (std::size_t first = 0; first < all.size(); first += columns) {
    const auto shown = all.subspan(first, std::min(columns, all.size() - first));
    page.table(label(first == 0 ? "matrix" : ""), matrix.rows(shown));
  }
  page.paragraph({}, "", {{matrix.legend()}});
}

// As TLSA records would say it, to be compared with those published.
void digests(Page& page, std::size_t depth, const Certificate& member) {
  for (const words::Naming& each : words::namings_of(member, depth) | std::views::reverse) {
    page.paragraph({}, "", {{glued(each.numbers + " ") + each.digest}});
  }
}

void certificate(Page& page, std::size_t depth, const Certificate& member) {
  const std::string lead = fmt::format("{}  ", depth);
  const std::string indent(lead.size(), ' ');
  if (!member.error.empty()) {
    page.paragraph({}, lead, {{"does not parse: " + words::plain(member.error)}});
    return digests(page, depth, member);
  }
  std::string names;
  for (const auto& name : member.names) names += (names.empty() ? "for " : ", ") + escape_for_terminal(name);
  page.paragraph({}, lead, {{member.subject.empty() ? "(no subject)" : escape_for_terminal(member.subject)}});
  page.paragraph({}, indent, {{"issued by " + escape_for_terminal(member.issuer)}});
  if (!names.empty()) page.paragraph({}, indent, {{names}});
  page.paragraph({}, indent,
                 {{fmt::format("{}, {} to {}", escape_for_terminal(member.key), words::date_and_time(member.not_before),
                               words::date_and_time(member.not_after))}});
  digests(page, depth, member);
}

// A chain shown by several endpoints is written once.
void chains(Page& page, const std::vector<EndpointReport>& all) {
  for (const EndpointReport& first : all) {
    const auto& chain = first.seen.chain;
    const auto same = [&](const EndpointReport& each) { return each.seen.chain == chain; };
    if (chain.empty() || &*std::ranges::find_if(all, same) != &first) continue;
    std::string shown_by;
    for (const EndpointReport& each : all) {
      if (same(each)) shown_by += (shown_by.empty() ? "shown by " : ", ") + words::endpoint_label(each.place);
    }
    page.blank();
    page.paragraph(label("chain"), "", {{shown_by}});
    for (std::size_t depth = 0; depth < chain.size(); ++depth) certificate(page, depth, chain[depth]);
  }
}

std::string view_list(const std::vector<View>& views) {
  std::string list;
  for (const View view : views) {
    if (view == View::second) continue;  // further connections, not another kind of certificate
    list += fmt::format("{}{}", list.empty() ? "" : ", ", to_string(view));
  }
  return list;
}

std::string milliseconds(const std::optional<double>& time) {
  return time ? glued(fmt::format("{:.1f} ms", *time)) : "";
}

Row handshake_row(const EndpointReport& endpoint) {
  const TlsEvidence& seen = endpoint.seen;
  const TlsParameters none;
  const TlsParameters& tls = seen.tls ? *seen.tls : none;
  return {{{words::endpoint_label(endpoint.place)},
           {escape_for_terminal(tls.cipher)},
           {escape_for_terminal(tls.group)},
           {milliseconds(seen.timings.connect)},
           {milliseconds(seen.timings.starttls)},
           {milliseconds(seen.timings.handshake)}},
          {}};
}

std::vector<Spans> handshake_notes(const TlsEvidence& seen, const ChainMatch& result) {
  std::vector<Spans> notes;
  const std::string absent = view_list(seen.absent_views);
  if (!absent.empty()) notes.push_back({{"no certificate for " + absent}});
  if (std::ranges::find(seen.absent_views, View::second) != seen.absent_views.end()) {
    notes.push_back({{"further connections showed the same"}});
  }
  if (seen.client_certificate_requested) notes.push_back({{"asks for a client certificate"}});
  if (seen.attempts > 1) notes.push_back({{fmt::format("{} attempts", seen.attempts)}});
  if (result.pkix_ok) {
    const std::string why = result.pkix_error.empty() ? "" : ": " + escape_for_terminal(result.pkix_error);
    notes.push_back({{*result.pkix_ok ? "public CAs vouch for it too" : "public CAs do not vouch for it" + why}});
  }
  return notes;
}

void handshakes(Page& page, const std::vector<EndpointReport>& all) {
  if (all.empty()) return;
  std::vector<Row> rows{{{{""}, {"cipher"}, {"group"}, {"connect"}, {"dialogue"}, {"handshake"}}, {}}};
  for (const EndpointReport& each : all) {
    rows.push_back(handshake_row(each));
    rows.back().notes = handshake_notes(each.seen, each.match);
  }
  page.table(label("TLS"), rows);
}

std::string status_line(const Answer& answer) {
  std::string line(to_string(answer.status));
  if (answer.failure != Failure::none) line += fmt::format(" ({})", to_string(answer.failure));
  if (answer.rcode) line += ", " + rcode_name(*answer.rcode);
  if (answer.denial != Denial::none) line += fmt::format(", {}", to_string(answer.denial));
  if (!answer.ttl) return line;
  std::string ttl = fmt::format("TTL {}", *answer.ttl);
  if (answer.original_ttl && answer.original_ttl != answer.ttl) ttl += fmt::format(" of {}", *answer.original_ttl);
  return line + ", " + glued(ttl + " s");
}

void lookup(Page& page, const Answer& answer) {
  page.paragraph(label("lookup"), "",
                 {{escape_for_terminal(answer.question.name) + " " + to_string(answer.question.type), Tone::strong},
                  {answer.diagnostic ? " (diagnostic)" : ""},
                  {": " + status_line(answer)}});
  for (const auto& alias : answer.aliases) {
    page.paragraph({}, "",
                   {{fmt::format("{} {} {}", escape_for_terminal(alias.from), to_string(alias.type),
                                 escape_for_terminal(alias.to))}});
  }
  for (const auto& rdata : answer.data) {
    page.paragraph({}, "", {{escape_for_terminal(rdata.text)}, {rdata.malformed ? " (malformed)" : ""}});
  }
  if (answer.rrsig_inception && answer.rrsig_expires) {
    const std::string by = answer.signer ? " by " + escape_for_terminal(*answer.signer) : "";
    page.paragraph({}, "",
                   {{fmt::format("signed {} to {}{}", words::date_and_time(*answer.rrsig_inception),
                                 words::date_and_time(*answer.rrsig_expires), by)}});
  }
  if (!answer.why_bogus.empty()) {
    page.paragraph({}, "", {{"bogus because: " + words::one_line(answer.why_bogus), Tone::bad}});
  }
}

}  // namespace

void lookups(Page& page, const std::vector<Answer>& answers) {
  page.blank();
  for (const auto& answer : answers) lookup(page, answer);
}

void explain_host(Page& page, const HostReport& host) {
  std::string names;
  for (const auto& name : host.dns.names) names += (names.empty() ? "" : ", ") + escape_for_terminal(name);
  page.blank();
  if (!names.empty()) page.paragraph(label("names"), "", {{names}});
  kinds(page, host.records);
  matrix(page, host);
  handshakes(page, host.endpoints);
  chains(page, host.endpoints);
  lookups(page, host.dns.lookups);
}

}  // namespace danewatch::sections

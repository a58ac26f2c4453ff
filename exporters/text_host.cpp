#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

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

Tone tone_of(RecordState state) {
  switch (state) {
    case RecordState::current:
      return Tone::good;
    case RecordState::next:
      return Tone::plain;
    default:
      return Tone::warn;
  }
}

void title(Page& page, const Report& report, const HostEvidence& host, const HostJudgement& judgement) {
  Spans spans{{words::name(host.host, host.unicode), Tone::strong}, {fmt::format(":{} ", host.port)}};
  if (host.preference) spans.push_back({glued(fmt::format("preference {}", *host.preference)) + " "});
  if (host.weight) spans.push_back({glued(fmt::format("weight {}", *host.weight)) + " "});
  spans.push_back(words::conclusion_span(judgement.conclusion, report.policy));
  page.paragraph(label("host"), "", spans);
  const bool alias = !host.base_domain.empty() && host.base_domain != host.host;
  if (alias) page.paragraph(label("base"), "", {{escape_for_terminal(host.base_domain)}});
}

Spans record_row(std::size_t number, const TlsaRecord& record, std::optional<RecordState> state,
                 const std::optional<std::string>& why) {
  Spans row{{std::to_string(number)}, {words::parameters(record)}, {words::short_data(record)}};
  row.push_back(state ? Span{std::string(to_string(*state)), tone_of(*state)} : Span{"not judged"});
  if (why) row.push_back({escape_for_terminal(*why)});
  return row;
}

void records(Page& page, const HostEvidence& host, const HostJudgement& judgement, const HostMatches& matches) {
  for (std::size_t i = 0; i < host.tlsa.size();) {
    const std::string& owner = host.tlsa[i].owner;
    std::vector<Spans> rows;
    const std::size_t first = i;
    for (; i < host.tlsa.size() && host.tlsa[i].owner == owner; ++i) {
      const auto state = i < judgement.states.size() ? std::optional(judgement.states[i]) : std::nullopt;
      rows.push_back(record_row(i + 1, host.tlsa[i], state, at_or_default(matches.unusable, i)));
    }
    page.paragraph(label(first == 0 ? "records" : ""), "", {{escape_for_terminal(owner)}});
    page.table({}, rows);
  }
}

std::string view_words(const TlsEvidence& seen) {
  return seen.view == View::standard ? "" : glued(fmt::format("{} view", to_string(seen.view)));
}

std::string unobserved_line(const TlsEvidence& seen) {
  std::string views;
  for (const View view : seen.unobserved_views)
    views += fmt::format("{}{}", views.empty() ? "" : ", ", to_string(view));
  return views.empty() ? "" : "could not be looked at: " + views + " view";
}

void servers(Page& page, const Report& report, std::size_t index) {
  const auto& seen = at_or_default(report.tls, index);
  const auto& judged = at_or_default(report.judgement.hosts, index).endpoints;
  std::vector<std::string> details;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const std::string letter = words::endpoint_label(i);
    const Span verdict = words::conclusion_span(at_or_default(judged, i).conclusion, report.policy);
    page.paragraph(label(i == 0 ? "servers" : ""), letter + "  ",
                   {{words::address_port(seen[i].address, seen[i].port) + "  " + view_words(seen[i]) + " "}, verdict});
    const std::string lead(letter.size() + 2, ' ');
    const std::string detail = certificate_line(seen[i]);
    const auto same = std::ranges::find(details, detail);
    const bool repeated = !detail.empty() && same != details.end();
    const auto which = static_cast<std::size_t>(same - details.begin());
    if (!detail.empty()) page.paragraph({}, lead, {{repeated ? "as " + words::endpoint_label(which) : detail}});
    if (!seen[i].error.empty()) page.paragraph({}, lead, {{escape_for_terminal(seen[i].error)}});
    if (const auto line = unobserved_line(seen[i]); !line.empty()) page.paragraph({}, lead, {{line}});
    details.push_back(detail);
  }
}

// The non-diagnostic answers a host stands on: those of the target and its own.
std::vector<const Answer*> deciding_answers(const Report& report, const HostEvidence& host) {
  std::vector<const Answer*> answers;
  for (const auto* list : {&report.dns.lookups, &host.lookups}) {
    for (const auto& answer : *list) {
      if (!answer.diagnostic) answers.push_back(&answer);
    }
  }
  return answers;
}

// "TLSA secure", "no AAAA", "TLSA failed (timeout)".
std::string proof_of(const Answer& answer) {
  const std::string type =
      answer.question.name == "." ? "root " + to_string(answer.question.type) : to_string(answer.question.type);
  const bool denied = answer.denial != Denial::none;
  if (answer.status == Status::secure && denied) return "no " + type;
  const std::string_view failure = to_string(answer.failure);
  const std::string why = answer.status == Status::failed && !failure.empty() ? fmt::format(" ({})", failure) : "";
  return fmt::format("{}{} {}{}", denied ? "no " : "", type, to_string(answer.status), why);
}

}  // namespace

std::string certificate_line(const TlsEvidence& evidence) {
  std::vector<std::string> parts;
  if (evidence.tls) parts.push_back(escape_for_terminal(evidence.tls->version));
  if (!evidence.chain.empty()) {
    const Certificate& leaf = evidence.chain.front();
    if (!leaf.error.empty()) {
      parts.push_back("a certificate that does not parse: " + escape_for_terminal(leaf.error));
    } else {
      parts.push_back(escape_for_terminal(leaf.key));
      if (!leaf.subject_cn.empty()) parts.push_back("CN " + escape_for_terminal(leaf.subject_cn));
      parts.push_back(fmt::format("{} to {}", words::date(leaf.not_before), words::date(leaf.not_after)));
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

void dns_proof(Page& page, const std::vector<const Answer*>& answers) {
  std::vector<std::string> proofs;
  std::optional<SysTime> expires;
  for (const Answer* answer : answers) {
    const std::string proof = glued(proof_of(*answer));
    if (std::ranges::find(proofs, proof) == proofs.end()) proofs.push_back(proof);
    if (answer->rrsig_expires) expires = std::min(expires.value_or(*answer->rrsig_expires), *answer->rrsig_expires);
  }
  if (proofs.empty()) return;
  std::string line = fmt::format("{}", fmt::join(proofs, ", "));
  if (expires) line += "; signatures good until " + words::date_and_time(*expires);
  page.paragraph(label("DNS"), "", {{line}});
}

void host(Page& page, const Report& report, std::size_t index) {
  const HostEvidence& evidence = report.dns.hosts[index];
  const HostJudgement& judgement = at_or_default(report.judgement.hosts, index);
  title(page, report, evidence, judgement);
  records(page, evidence, judgement, at_or_default(report.matches, index));
  servers(page, report, index);
  dns_proof(page, deciding_answers(report, evidence));
}

}  // namespace danewatch::sections

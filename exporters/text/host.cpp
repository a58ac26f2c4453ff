#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/expiry.hpp"

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

// What the headline says already is left out.
void title(Page& page, const Report& report, const HostReport& of) {
  const HostEvidence& host = of.dns;
  const Conclusion& conclusion = of.conclusion;
  Spans spans{{words::name(host.host, host.unicode), Tone::strong}, {fmt::format(":{}", host.port)}};
  if (host.preference) spans.push_back({", " + glued(fmt::format("preference {}", *host.preference))});
  if (host.weight) spans.push_back({", " + glued(fmt::format("weight {}", *host.weight))});
  if (report.hosts.size() > 1 || conclusion != report.conclusion) {
    spans.insert(spans.end(), {{": "}, words::conclusion_span(conclusion, report.policy)});
  }
  page.paragraph(label("host"), "", spans);
  const bool alias = !host.base_domain.empty() && host.base_domain != host.host;
  if (alias) page.paragraph(label("base"), "", {{escape_for_terminal(host.base_domain)}});
}

Row record_row(const RecordReport& of) {
  const TlsaRecord& record = of.record;
  const Span state{std::string(to_string(of.state)), tone_of(of.state)};
  const std::string why = words::plain(of.unusable.value_or(""));
  return {{{std::to_string(of.place + 1)}, {words::parameters(record)}, {words::short_data(record)}, state, {why}}, {}};
}

void records(Page& page, const std::vector<RecordReport>& all) {
  for (auto each = all.begin(); each != all.end();) {
    const std::string& owner = each->record.owner;
    const bool first = each == all.begin();
    std::vector<Row> rows;
    for (; each != all.end() && each->record.owner == owner; ++each) rows.push_back(record_row(*each));
    if (!owner.empty()) page.paragraph(label(first ? "records" : ""), "", {{escape_for_terminal(owner)}});
    page.table({}, rows);
  }
}

std::string view_words(View view) {
  return view == View::standard ? "" : glued(fmt::format("{} view", to_string(view)));
}

std::string unobserved_line(const TlsEvidence& seen) {
  std::vector<std::string> views;
  for (const View view : seen.unobserved_views) views.push_back(view_words(view));
  return views.empty() ? "" : fmt::format("not looked at: {}", fmt::join(views, ", "));
}

// An endpoint before this one that showed the same, so that it is said once; null: there is none.
const EndpointReport* same_before(const HostReport& host, const EndpointReport& endpoint) {
  const TlsEvidence& here = endpoint.seen;
  const auto shows_it = [&](const EndpointReport& other) {
    return !here.chain.empty() && other.seen.chain == here.chain && other.seen.tls == here.tls;
  };
  const auto first = std::ranges::find_if(host.endpoints, shows_it);
  return first == host.endpoints.end() || first->place >= endpoint.place ? nullptr : &*first;
}

bool said_by_finding(const Report& report, const std::string& error) {
  return std::ranges::any_of(report.findings, [&](const Finding& finding) {
    return std::ranges::find(finding.quotes, error) != finding.quotes.end();
  });
}

Row server_row(const Report& report, const HostReport& host, const EndpointReport& endpoint) {
  const TlsEvidence& seen = endpoint.seen;
  const EndpointReport* same = same_before(host, endpoint);
  Row row{{{words::endpoint_label(endpoint.place)},
           {words::address_port(seen.address, seen.port)},
           {view_words(seen.view)},
           words::conclusion_span(endpoint.conclusion, report.policy),
           {same == nullptr ? "" : layout::glued("(same certificate as " + words::endpoint_label(same->place) + ")")}},
          {}};
  const std::string detail = same == nullptr ? certificate_line(seen) : "";
  const std::string error = said_by_finding(report, seen.error) ? "" : words::one_line(seen.error);
  for (const auto& line : {detail, error, unobserved_line(seen)}) {
    if (!line.empty()) row.notes.push_back({{line}});
  }
  return row;
}

void servers(Page& page, const Report& report, const HostReport& host) {
  std::vector<Row> rows;
  for (const EndpointReport& endpoint : host.endpoints) rows.push_back(server_row(report, host, endpoint));
  page.table(label("servers"), rows);
}

// "TLSA secure", "no AAAA", "no AAAA (insecure)", "TLSA failed (timeout)".
Span proof_of(const Answer& answer) {
  const std::string type = (answer.question.name == "." ? "root " : "") + to_string(answer.question.type);
  const std::string_view status = to_string(answer.status);
  const std::string_view failure = to_string(answer.failure);
  if (answer.status == Status::bogus || answer.status == Status::failed) {
    const std::string why = failure.empty() ? "" : fmt::format(" ({})", failure);
    return {glued(fmt::format("{} {}{}", type, status, why)), Tone::bad};
  }
  if (answer.denial == Denial::none) return {glued(fmt::format("{} {}", type, status))};
  if (answer.status == Status::secure) return {glued("no " + type)};
  return {glued(fmt::format("no {} ({})", type, status))};
}

// The root is asked only to tell the world's faults from ours: that it answers is no news.
bool is_news(const Answer& answer) {
  return !answer.diagnostic && !(answer.question.name == "." && answer.status == Status::secure);
}

// The hour matters only when it is near.
std::string expiry(SysTime expires, SysTime now) {
  if (expires <= now) return "; signature expired " + words::date_and_time(expires);
  const bool near = expires - now < std::chrono::hours(48);
  return "; signed until " + (near ? words::date_and_time(expires) : words::date(expires));
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
      parts.push_back(glued(fmt::format("{} to {}", words::date(leaf.not_before), words::date(leaf.not_after))));
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

void dns_proof(Page& page, const std::vector<const Answer*>& answers, SysTime now) {
  Spans line;
  FirstSignature signatures(now);
  for (const Answer* answer : answers) {
    if (!is_news(*answer)) continue;
    const Span proof = proof_of(*answer);
    const bool said = std::ranges::find(line, proof) != line.end();
    if (!said && !line.empty()) line.push_back({", "});
    if (!said) line.push_back(proof);
    signatures.take(*answer);
  }
  if (line.empty()) return;
  if (const auto first = signatures.first()) line.push_back({expiry(first->at, now)});
  page.paragraph(label("DNS"), "", line);
}

void host(Page& page, const Report& report, const HostReport& host) {
  title(page, report, host);
  records(page, host.records);
  servers(page, report, host);
  std::vector<const Answer*> answers;
  if (report.hosts.size() == 1) answers = pointers(report.walk.lookups);
  for (const Answer* answer : pointers(host.dns.lookups)) answers.push_back(answer);
  dns_proof(page, answers, report.at);
}

std::vector<const Answer*> pointers(const std::vector<Answer>& answers) {
  std::vector<const Answer*> all;
  for (const auto& answer : answers) all.push_back(&answer);
  return all;
}

}  // namespace danewatch::sections

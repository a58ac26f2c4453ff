#include <fmt/format.h>

#include <string>

#include "exporters/at_or_default.hpp"
#include "exporters/page_sections.hpp"
#include "exporters/page_words.hpp"
#include "exporters/time.hpp"

namespace danewatch::page {
namespace {

std::string_view word_of(Cell cell) {
  return cell == Cell::no_match ? "no match" : to_string(cell);
}

class Matrix {
 public:
  Matrix(Html& html, const History& known, std::size_t index, SysTime now)
      : Matrix(html, *known.latest, known.records, index, now) {}

  Matrix(Html& html, const Report& report, const RecordHistory& records, std::size_t index, SysTime now)
      : html_(html),
        records_(records),
        now_(now),
        host_(report.dns.hosts[index]),
        seen_(at_or_default(report.tls, index)),
        judgement_(at_or_default(report.judgement.hosts, index)),
        if_present_(report.policy.if_present) {}

  void write() {
    html_.line("p",
               "A record whose row has no match is stale, a server whose column has none shows a wrong certificate.",
               {{"class", "faint"}});
    const std::string about = "TLSA records of " + host_.host + " and what each server shows";
    const Element box(html_, "div",
                      {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", about}});
    const Element table(html_, "table", {{"class", "matrix"}});
    html_.line("caption", about);
    head();
    const Element body(html_, "tbody");
    for (std::size_t r = 0; r < host_.tlsa.size(); ++r) row(r);
    verdicts();
  }

 private:
  void head() {
    html_.open("thead").open("tr").line("th", "Record", {{"scope", "col"}}).line("th", "State", {{"scope", "col"}});
    for (const auto& seen : seen_) html_.line("th", endpoint(seen), {{"scope", "col"}});
    html_.line("th", "Last match", {{"scope", "col"}});
    html_.close().close();
  }

  void row(std::size_t record) {
    const Element line(html_, "tr");
    html_.open("th", {{"scope", "row"}}).text(fmt::format("{}: ", record + 1));
    html_.line("code", short_record(host_.tlsa[record])).close();
    html_.open("td");
    if (record < judgement_.states.size()) {
      badge(html_, to_string(judgement_.states[record]), tone(judgement_.states[record]));
    }
    html_.close();
    for (std::size_t e = 0; e < seen_.size(); ++e) {
      const auto& cells = at_or_default(judgement_.endpoints, e).cells;
      const Cell cell = record < cells.size() ? cells[record] : Cell::unobserved;
      html_.line("td", word_of(cell), {{"class", tone(cell)}});
    }
    last_match(record);
  }

  void verdicts() {
    const Element line(html_, "tr");
    html_.line("th", "Verdict", {{"scope", "row"}}).line("td", "");
    for (std::size_t e = 0; e < seen_.size(); ++e) {
      const Conclusion& found = at_or_default(judgement_.endpoints, e).conclusion;
      html_.open("td");
      badge(html_, conclusion(found), tone(danewatch::severity_of(found, if_present_)));
      html_.close();
    }
    html_.line("td", "");
  }

  void last_match(std::size_t record) {
    const auto known = records_.find(record_key(host_, host_.tlsa[record]));
    const std::optional<SysTime> at = known == records_.end() ? std::nullopt : known->second.last_matched;
    html_.open("td");
    if (at) {
      html_.line("time", ago(*at, now_), {{"datetime", format_time(*at)}});
    } else {
      html_.text("none seen");
    }
    html_.close();
  }

  Html& html_;
  const RecordHistory& records_;
  SysTime now_;
  const HostEvidence& host_;
  const std::vector<TlsEvidence>& seen_;
  const HostJudgement& judgement_;
  bool if_present_;
};

}  // namespace

void matrix(Html& html, const TargetState& state, std::size_t host, SysTime now) {
  const Report& report = *state.history->latest;
  const auto& evidence = report.dns.hosts[host];
  if (evidence.tlsa.empty()) html.line("p", "No TLSA record decides about this host.");
  if (at_or_default(report.tls, host).empty()) html.line("p", "No server of this host was looked at.");
  if (evidence.tlsa.empty() && at_or_default(report.tls, host).empty()) return;
  Matrix(html, *state.history, host, now).write();
}

void records(Html& html, const TargetState& state, std::size_t host, SysTime now) {
  const Report& report = *state.history->latest;
  const auto& all = report.dns.hosts[host].tlsa;
  if (all.empty()) return;
  const auto& why = at_or_default(report.matches, host).unusable;
  const Element box(html, "details");
  html.line("summary", fmt::format("The records in full ({})", all.size()));
  for (std::size_t r = 0; r < all.size(); ++r) {
    copyable(html, zone_line(all[r]));
    const auto known = state.history->records.find(record_key(report.dns.hosts[host], all[r]));
    if (known != state.history->records.end()) {
      html.open("p", {{"class", "faint"}}).text("First seen ");
      time(html, known->second.first_seen, now);
      html.text(".").close();
    }
    const auto& reason = at_or_default(why, r);
    if (reason) html.line("p", fmt::format("Record {} is unusable: {}.", r + 1, *reason));
  }
}

}  // namespace danewatch::page

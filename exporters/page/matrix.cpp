#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "probe/report/record_words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::page {
namespace {

std::string_view word_of(Cell cell) {
  return cell == Cell::no_match ? "no match" : to_string(cell);
}

// Then its cells are the fault; else they only say that another record is meant.
bool has_no_match(const EndpointReport& endpoint) {
  return std::ranges::find(endpoint.cells, Cell::match) == endpoint.cells.end();
}

class Matrix {
 public:
  Matrix(Html& html, const History& known, const HostReport& host, SysTime now)
      : html_(html), records_(known.records), now_(now), host_(host), if_present_(known.latest->policy.if_present) {}

  void write() {
    html_.line(
        "p",
        "A server whose column has no match shows a wrong certificate. A record whose row has none is used by no "
        "server: an old key, or your next one.",
        {{"class", "faint"}});
    const std::string about = "TLSA records of " + host_.dns.host + " and what each server shows";
    const Element box(html_, "div",
                      {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", about}});
    const Element table(html_, "table", {{"class", "matrix"}});
    html_.line("caption", about);
    head();
    const Element body(html_, "tbody");
    for (const RecordReport& record : host_.records) row(record);
    verdicts();
  }

 private:
  void head() {
    html_.open("thead").open("tr").line("th", "Record", {{"scope", "col"}}).line("th", "State", {{"scope", "col"}});
    for (const TlsEvidence& seen : looks(host_)) html_.line("th", endpoint(seen), {{"scope", "col"}});
    html_.line("th", "Last match", {{"scope", "col"}});
    html_.close().close();
  }

  void row(const RecordReport& record) {
    const Element line(html_, "tr");
    html_.open("th", {{"scope", "row"}}).text(fmt::format("{}: ", record.place + 1));
    html_.line("code", short_record(record.record)).close();
    html_.open("td", {{"data-of", "State"}});
    badge(html_, to_string(record.state), tone(record.state));
    html_.close();
    for (const EndpointReport& endpoint : host_.endpoints) {
      const Cell cell = cell_of(endpoint, record);
      const bool fault = cell == Cell::no_match && has_no_match(endpoint);
      html_.line("td", word_of(cell),
                 {{"class", fault ? "missed" : tone(cell)}, {"data-of", page::endpoint(endpoint.seen)}});
    }
    last_match(record);
  }

  void verdicts() {
    const Element line(html_, "tr");
    html_.line("th", "Verdict", {{"scope", "row"}}).line("td", "");
    for (const EndpointReport& endpoint : host_.endpoints) {
      const Conclusion& found = endpoint.conclusion;
      html_.open("td", {{"data-of", page::endpoint(endpoint.seen)}});
      badge(html_, conclusion(found), tone(danewatch::severity_of(found, if_present_)));
      html_.close();
    }
    html_.line("td", "");
  }

  // Of a record that matches nothing any more it is since when that is so.
  void last_match(const RecordReport& report) {
    const auto known = records_.find(record_key(host_.dns, report.record));
    const std::optional<SysTime> at = known == records_.end() ? std::nullopt : known->second.last_matched;
    html_.open("td", {{"data-of", "Last match"}});
    if (at) {
      const bool is_stale = report.state == RecordState::unmatched;
      if (is_stale) html_.text("stale since ");
      html_.line("time", is_stale ? moment_of(*at) : ago(*at, now_), {{"datetime", format_time(*at)}});
    } else {
      html_.text("none seen");
    }
    html_.close();
  }

  Html& html_;
  const RecordHistory& records_;
  SysTime now_;
  const HostReport& host_;
  bool if_present_;
};

}  // namespace

void matrix(Html& html, const TargetState& state, const HostReport& host, SysTime now) {
  if (host.records.empty()) html.line("p", "No TLSA record decides about this host.");
  if (host.endpoints.empty()) html.line("p", "No server of this host was looked at.");
  if (host.records.empty() && host.endpoints.empty()) return;
  Matrix(html, *state.history, host, now).write();
}

void records(Html& html, const TargetState& state, const HostReport& host, SysTime now) {
  const auto& all = host.records;
  if (all.empty()) return;
  const Element box(html, "details");
  html.line("summary", fmt::format("The records in full ({})", all.size()));
  for (const RecordReport& each : all) {
    copyable(html, full_line_of(each.record));
    const auto known = state.history->records.find(record_key(host.dns, each.record));
    if (known != state.history->records.end()) {
      html.open("p", {{"class", "faint"}}).text("First seen ");
      time(html, known->second.first_seen, now);
      html.text(".").close();
    }
    if (each.unusable) html.line("p", fmt::format("Record {} is unusable: {}.", each.place + 1, *each.unusable));
  }
}

}  // namespace danewatch::page

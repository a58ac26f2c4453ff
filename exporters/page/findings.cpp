#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/record_words.hpp"

namespace danewatch::page {
namespace {

bool is_info(const Finding& finding) {
  return is_good(finding.severity);
}

bool says_data(const Finding& finding, const TlsaRecord& record) {
  return finding.says.record || shows_data(finding.remedies, record);
}

std::string place_of(const Report& report, const Finding& finding) {
  std::string place;
  const auto add = [&](const std::string& part) { place += (place.empty() ? "" : ", ") + part; };
  if (finding.host && report.hosts.size() != 1) add(*finding.host);
  if (finding.record) add(fmt::format("record {}", *finding.record + 1));
  if (finding.address) add(to_string(*finding.address));
  if (finding.view && *finding.view != View::standard) add(fmt::format("{} view", to_string(*finding.view)));
  return place;
}

// The first of its code has the code's name, to which the overview leads.
void finding(Html& html, const Report& report, const Finding& finding) {
  const auto first = std::ranges::find(report.findings, finding.code, &Finding::code);
  const std::string_view id = &*first == &finding ? finding.code : std::string_view();
  const Element box(html, "article", {{"class", fmt::format("card edge-{}", tone(finding.severity))}, {"id", id}});
  html.open("h3", {{"class", "head"}});
  badge(html, to_string(finding.severity), tone(finding.severity));
  html.line("span", finding.code);
  const std::string place = place_of(report, finding);
  if (!place.empty()) html.line("span", place, {{"class", "faint"}});
  html.close().open("p").text(finding.text);
  if (!finding.ref.empty()) html.text(" ").line("span", fmt::format("({})", finding.ref), {{"class", "faint"}});
  html.close();
  const TlsaRecord* record = words::faulty_record_of(report, finding);
  if (record != nullptr && !is_info(finding) && !says_data(finding, *record)) copyable(html, full_line_of(*record));
  fix(html, finding.remedies);
}

}  // namespace

void findings(Html& html, const Report& report) {
  const auto& all = report.findings;
  const auto infos = std::ranges::count_if(all, is_info);
  const Element section(html, "section");
  html.line("h2", "What to do");
  if (infos == std::ssize(all)) html.line("p", "Nothing: no fault was found.");
  for (const auto& each : all) {
    if (!is_info(each)) finding(html, report, each);
  }
  if (infos == 0) return;
  const Element more(html, "details");
  html.line("summary", fmt::format("Good to know ({})", infos));
  for (const auto& each : all) {
    if (is_info(each)) finding(html, report, each);
  }
}

}  // namespace danewatch::page

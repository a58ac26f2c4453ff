#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/senders.hpp"
#include "probe/life/day_verdict.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::page {
namespace {

constexpr std::size_t most_shown = 5;  // senders and troubles of a day

std::string short_text(const std::string& record) {
  constexpr std::size_t enough = 6 + 16;
  return record.size() <= enough ? record : record.substr(0, enough) + "…";
}

std::string trouble_text(const ToldTrouble& told) {
  const SenderTrouble& trouble = told.trouble;
  std::string text = trouble.result_type.empty() ? "not said why" : trouble.result_type;
  if (!trouble.mx_host.empty()) text += " at " + trouble.mx_host;
  text += fmt::format(" ({}", words::policy(trouble.policy));
  for (const std::string& record : trouble.strings) text += ", " + short_text(record);
  return fmt::format("{}): {}", text, words::count_of(told.sessions, "session"));
}

void lines(Html& html, const std::vector<std::string>& all, std::string_view column) {
  const Element cell(html, "td", {{"data-of", column}});
  for (std::size_t i = 0; i < std::min(all.size(), most_shown); ++i) html.line("div", all[i]);
  if (all.size() > most_shown)
    html.line("div", fmt::format("and {} more", all.size() - most_shown), {{"class", "faint"}});
}

void what_we_saw(Html& html, const TargetState& state, const Remembered* remembered, std::chrono::sys_days day) {
  const Element cell(html, "td", {{"data-of", "danewatch saw"}});
  const auto seen = worst_on(day, *state.history, remembered == nullptr ? nullptr : &remembered->life);
  if (!seen) {
    html.text("not known");
    return;
  }
  badge(html, conclusion(seen->conclusion), tone(seen->severity));
}

std::string_view tone_of(const SendersDay& day) {
  if (!day.believed || add_sessions(day.sessions.successful, day.sessions.failed) == 0) return "unknown";
  if (day.sessions.failed == 0) return "good";
  return day.sessions.failed > day.sessions.successful ? "bad" : "warn";
}

void day_row(Html& html, const TargetState& state, const Remembered* remembered, const SendersDay& day) {
  std::vector<std::string> senders;
  for (const SenderShare& each : day.senders) {
    senders.push_back((each.name.empty() ? "(unnamed)" : each.name) + ": " + words::sessions(each.sessions));
  }
  std::vector<std::string> troubles;
  for (const ToldTrouble& each : day.troubles) troubles.push_back(trouble_text(each));
  const Element row(html, "tr");
  html.line("th", date_of(day.day), {{"scope", "row"}});
  html.open("td", {{"data-of", "Senders saw"}});
  badge(html, words::sessions(day.sessions), tone_of(day));
  if (!day.believed) html.line("div", "not authenticated: does not count", {{"class", "faint"}});
  html.close();
  lines(html, senders, "Told by");
  lines(html, troubles, "Failures");
  what_we_saw(html, state, remembered, day.day);
}

std::string_view about(const SendersSaw& saw) {
  if (saw.days.empty()) return "No report about this target is of the last 14 days.";
  if (!saw.vouched) {
    return "Anybody can mail such a report, and the configuration names nobody who vouches for them "
           "(trusted_authserv_id): so none of them counts.";
  }
  return "TLS reports of other mail servers, by day (UTC). A report is of one sender's view, and of the past.";
}

}  // namespace

void senders(Html& html, const TargetState& state, const Remembered* remembered) {
  const auto& saw = state.history->latest->senders;
  if (!saw) return;
  const Element section(html, "section");
  html.line("h2", "What senders saw");
  html.line("p", about(*saw), {{"class", "faint"}});
  if (saw->days.empty()) return;
  const Element box(html, "div",
                    {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", "What senders saw"}});
  const Element table(html, "table");
  html.line("caption", "The newest day first, beside the worst that danewatch saw on it").open("thead").open("tr");
  for (const char* column : {"Day", "Senders saw", "Told by", "Failures", "danewatch saw"}) {
    html.line("th", column, {{"scope", "col"}});
  }
  html.close().close();
  const Element body(html, "tbody");
  for (const SendersDay& day : saw->days) day_row(html, state, remembered, day);
}

}  // namespace danewatch::page

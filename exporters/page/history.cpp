#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"

namespace danewatch::page {
namespace {

constexpr std::size_t shown_bars = 60, shown_rows = 30;

void run_row(Html& html, const HistoryEntry& run, SysTime now) {
  const Element row(html, "tr");
  html.open("td", {{"data-of", "Time"}});
  time(html, run.at, now);
  html.close().open("td", {{"data-of", "Verdict"}});
  badge(html, conclusion(run.conclusion), tone(run.severity));
  html.close();
  html.line("td", to_string(run.severity), {{"data-of", "Severity"}});
  html.line("td", run.impact ? to_string(*run.impact) : "", {{"data-of", "Impact"}});
  html.line("td", run.worst_finding, {{"data-of", "Worst finding"}});
  html.line("td", fmt::format("{} ms", run.duration.count()), {{"data-of", "Duration"}});
}

}  // namespace

void history(Html& html, const TargetState& state, SysTime now) {
  if (state.history->entries.empty()) return;
  const Element section(html, "section");
  html.line("h2", "Recent runs");
  sparkline(html, state.history->entries, shown_bars);
  const Element box(html, "div",
                    {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", "Recent runs"}});
  const Element table(html, "table");
  html.line("caption", "The newest run first").open("thead").open("tr");
  for (const char* column : {"Time", "Verdict", "Severity", "Impact", "Worst finding", "Duration"}) {
    html.line("th", column, {{"scope", "col"}});
  }
  html.close().close();
  const Element body(html, "tbody");
  const std::size_t rows = std::min(shown_rows, state.history->entries.size());
  for (std::size_t i = 0; i < rows; ++i)
    run_row(html, state.history->entries[state.history->entries.size() - 1 - i], now);
}

}  // namespace danewatch::page

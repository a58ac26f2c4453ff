#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "exporters/page/style.hpp"
#include "exporters/page/words.hpp"

namespace danewatch::page {
void copyable(Html& html, std::string_view code) {
  const Element box(html, "div", {{"class", "copy"}});
  html.open("pre", {{"tabindex", "0"}, {"role", "region"}, {"aria-label", "Line to copy"}});
  html.line("code", code).close();
  html.flag("button", "hidden", {{"type", "button"}, {"aria-label", fmt::format("Copy {}", code)}});
  html.text("Copy").close();
}

// Lines to copy stand between the paragraphs.
void fix(Html& html, const Remedies& remedies) {
  using Kind = FixPiece::Kind;
  bool paragraph = false;
  const auto in_paragraph = [&](bool wanted) {
    if (wanted && !paragraph) html.open("p", {{"class", "fix"}});
    if (!wanted && paragraph) html.close();
    paragraph = wanted;
  };
  for (const FixPiece& piece : fix_pieces(remedies)) {
    in_paragraph(piece.kind != Kind::line);
    if (piece.kind == Kind::line) {
      copyable(html, piece.text);
    } else {
      piece.kind == Kind::word ? html.line("code", piece.text) : html.text(piece.text);
    }
  }
  in_paragraph(false);
}

namespace {

struct Bar {
  Severity severity;
  int height;
};

Bar bar_of(const HistoryEntry& run) {
  switch (run.severity) {
    case Severity::critical:
      return {run.severity, 20};
    case Severity::warning:
      return {run.severity, 13};
    case Severity::unknown:
      return {run.severity, 9};
    case Severity::ok:
    case Severity::info:
      break;
  }
  return {run.severity, 5};
}

// "last 30 runs: 3 critical, 27 ok"
std::string sparkline_words(const std::vector<HistoryEntry>& runs, std::size_t first) {
  std::string text;
  for (const Severity severity : worst_first) {
    const auto begin = runs.begin() + static_cast<std::ptrdiff_t>(first);
    const auto count =
        std::count_if(begin, runs.end(), [&](const HistoryEntry& run) { return run.severity == severity; });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(severity));
  }
  return fmt::format("Last {} runs: {}", runs.size() - first, text);
}

}  // namespace

void sparkline(Html& html, const std::vector<HistoryEntry>& runs, std::size_t most) {
  if (runs.empty()) return;
  const std::size_t first = runs.size() > most ? runs.size() - most : 0;
  constexpr std::size_t step = 4;
  const std::string words = sparkline_words(runs, first);
  const std::string box = fmt::format("0 0 {} 20", most * step);
  const Element svg(html, "svg", {{"class", "spark"}, {"role", "img"}, {"aria-label", words}, {"viewBox", box}});
  html.line("title", words);
  std::map<std::string_view, std::string> columns;  // by tone: one picture for all of a kind keeps the page small
  for (std::size_t i = first; i < runs.size(); ++i) {
    const Bar bar = bar_of(runs[i]);
    const std::size_t column = most - (runs.size() - i);  // the newest is at the right edge
    columns[tone(bar.severity)] += fmt::format("M{} 20h3v-{}h-3z", column * step, bar.height);
  }
  for (const auto& [tone, path] : columns) html.empty("path", {{"class", tone}, {"d", path}});
}

void begin(Html& html, std::string_view title, const Moment& moment) {
  html.under(moment.root);
  html.open("html", {{"lang", "en"}}).open("head").empty("meta", {{"charset", "utf-8"}});
  html.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.empty("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  html.empty("link", {{"rel", "icon"}, {"href", "data:,"}});
  html.line("title", title).constant("style", style());
  const std::string reload = moment.reload.count() > 0 ? std::to_string(moment.reload.count()) : "";
  if (!reload.empty()) {
    html.open("noscript").empty("meta", {{"http-equiv", "refresh"}, {"content", reload}}).close();
  }
  html.close().open("body", {{"data-reload", reload}});
  html.line("a", "Skip to the content", {{"class", "skip"}, {"href", "#main"}});
  if (!moment.problem.empty()) html.line("p", moment.problem, {{"class", "problem bad"}, {"role", "status"}});
}

void end(Html& html) {
  html.line("p", "", {{"id", "said"}, {"role", "status"}});
  html.line("footer", "danewatch " DANEWATCH_VERSION, {{"class", "faint"}});
  html.constant("script", script());
}

void out_of_date(Html& html, const TargetState& state, SysTime now) {
  const bool known = state.history->latest && state.interval.count() > 0;
  if (!known || now - state.history->latest->at <= 3 * state.interval) return;
  html.line("p", "Out of date: the last run ended " + ago(state.history->latest->at, now) + ".");
}

}  // namespace danewatch::page

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "exporters/page/html.hpp"
#include "exporters/page/page.hpp"
#include "exporters/page/style.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/expiry.hpp"

namespace danewatch::page {
namespace {

constexpr std::size_t sparkline_runs = 30;

Severity severity_of(const TargetState& state) {
  return state.history->latest ? state.history->latest->severity : Severity::unknown;
}

int rank(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return 0;
    case Severity::warning:
      return 1;
    case Severity::unknown:
      return 2;
    case Severity::info:
    case Severity::ok:
      break;
  }
  return 3;
}

std::vector<const TargetState*> broken_first(const std::vector<TargetState>& targets) {
  std::vector<const TargetState*> order;
  for (const auto& target : targets) order.push_back(&target);
  std::ranges::stable_sort(order, [](const TargetState* left, const TargetState* right) {
    return std::pair(rank(severity_of(*left)), left->name) < std::pair(rank(severity_of(*right)), right->name);
  });
  return order;
}

// "2 critical, 1 warning, 5 ok"
void counts(Html& html, const std::vector<TargetState>& targets) {
  static constexpr std::array words{"critical", "warning", "unknown", "ok"};
  static constexpr std::array tones{"bad", "warn", "unknown", "good"};
  std::array<std::size_t, words.size()> count{};
  for (const auto& target : targets) ++count[static_cast<std::size_t>(rank(severity_of(target)))];
  html.open("p", {{"class", "head"}});
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (count[i] > 0) badge(html, fmt::format("{} {}", count[i], words[i]), tones[i]);
  }
  if (targets.empty()) html.text("No targets are configured.");
  html.close();
}

void fact(Html& html, std::string_view word, const auto& content) {
  const Element pair(html, "div");
  html.line("dt", word).open("dd");
  content();
  html.close();
}

void facts(Html& html, const TargetState& state, SysTime now) {
  const Element list(html, "dl");
  const auto when = [&](const std::optional<SysTime>& at, std::string_view none) {
    at ? time(html, *at, now) : static_cast<void>(html.text(none));
  };
  fact(html, "Since", [&] { when(state.history->since, "unknown"); });
  fact(html, "Last success", [&] { when(state.history->last_success, "none since the start"); });
  fact(html, "Next expiry", [&] {
    const auto expiry = next_expiry(*state.history->latest);
    when(expiry ? std::optional(expiry->at) : std::nullopt, "unknown");
    if (expiry) html.text(", " + to_string(*expiry));
  });
}

void what_to_do(Html& html, const Report& report) {
  const Finding* finding = worst_finding(report);
  if (finding == nullptr) {
    if (report.severity != Severity::ok) html.line("p", report.summary);
    return;
  }
  html.open("p").line("b", finding->code).text(": " + finding->text).close();
  fix(html, finding->remedies);
}

void card(Html& html, const TargetState& state, SysTime now) {
  const Severity severity = severity_of(state);
  const Element item(html, "li");
  const Element box(html, "article", {{"class", fmt::format("card edge-{}", tone(severity))}});
  html.open("div", {{"class", "head"}}).open("h2");
  html.line("a", state.name, {{"href", target_path(state.name)}}).close();
  state.history->latest ? verdict_badge(html, *state.history->latest) : badge(html, "not run yet", "unknown");
  if (state.history->latest && severity != Severity::ok && severity != Severity::info) {
    badge(html, to_string(severity), tone(severity));
  }
  sparkline(html, state.history->entries, sparkline_runs);
  html.close();
  if (!state.history->latest) return;
  const std::string_view origin = words::sentence(state.history->latest->run.origin);
  if (!origin.empty()) html.line("p", origin);
  const std::string impact = impact_sentence(*state.history->latest);
  if (!impact.empty()) html.line("p", impact);
  what_to_do(html, *state.history->latest);
  out_of_date(html, state, now);
  facts(html, state, now);
}

}  // namespace

std::string overview(const std::vector<TargetState>& targets, const Moment& moment) {
  Html html;
  begin(html, "danewatch: status", moment);
  html.open("header").line("h1", "danewatch").open("p").text("As of ");
  html.line("time", page::moment(moment.now)).text(".").close();
  counts(html, targets);
  html.close().open("main", {{"id", "main"}}).open("ol", {{"class", "targets"}});
  for (const TargetState* state : broken_first(targets)) card(html, *state, moment.now);
  html.close().close();
  end(html);
  return std::move(html).done();
}

}  // namespace danewatch::page

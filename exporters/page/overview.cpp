#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>

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

// Where targets are counted and put in order, there is nothing to tell good ones apart by.
Severity counted_as(Severity severity) {
  return is_good(severity) ? Severity::ok : severity;
}

// Of equally bad ones the one first that holds up more mail.
int impact_rank(const TargetState& state) {
  const Report* report = state.history->latest.get();
  if (report == nullptr || !report->impact) return 1;
  return -static_cast<int>(report->impact.value_or(Impact::protected_));
}

std::vector<const TargetState*> broken_first(const std::vector<TargetState>& targets) {
  std::vector<const TargetState*> order;
  for (const auto& target : targets) order.push_back(&target);
  std::ranges::stable_sort(order, [](const TargetState* left, const TargetState* right) {
    const Severity here = counted_as(severity_of(*left)), there = counted_as(severity_of(*right));
    const auto then = [](const TargetState& state) { return std::tuple(impact_rank(state), state.name); };
    return here == there ? then(*left) < then(*right) : is_worse(here, there);
  });
  return order;
}

// "2 critical, 1 warning, 5 ok"
void counts(Html& html, const std::vector<TargetState>& targets) {
  html.open("p", {{"class", "head"}});
  for (const Severity severity : worst_first) {
    const auto count = std::ranges::count_if(
        targets, [&](const TargetState& target) { return counted_as(severity_of(target)) == severity; });
    if (count > 0) badge(html, fmt::format("{} {}", count, to_string(severity)), tone(severity));
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

// The code leads to what its page says of it.
void what_to_do(Html& html, std::string_view name, const Report& report) {
  const Finding* finding = worst_finding(report);
  if (finding == nullptr) {
    if (report.severity != Severity::ok) html.line("p", report.summary);
    return;
  }
  const std::string place = fmt::format("{}#{}", target_path(name), finding->code);
  html.open("p").open("b").line("a", finding->code, {{"href", place}}).close();
  html.text(": " + finding->text).close();
  fix(html, finding->remedies);
}

void card(Html& html, const TargetState& state, SysTime now) {
  const Severity severity = severity_of(state);
  const Element item(html, "li");
  const Element box(html, "article", {{"class", fmt::format("card edge-{}", tone(severity))}});
  html.open("div", {{"class", "head"}}).open("h2");
  html.line("a", state.name, {{"href", target_path(state.name)}}).close();
  state.history->latest ? verdict_badge(html, *state.history->latest) : badge(html, "not run yet", "unknown");
  if (state.history->latest && !is_good(severity)) {
    badge(html, to_string(severity), tone(severity));
  }
  sparkline(html, state.history->entries, sparkline_runs);
  html.close();
  if (!state.history->latest) return;
  const std::string_view origin = words::sentence(state.history->latest->run.origin);
  if (!origin.empty()) html.line("p", origin);
  const std::string impact = impact_sentence(*state.history->latest);
  if (!impact.empty()) html.line("p", impact);
  what_to_do(html, state.name, *state.history->latest);
  out_of_date(html, state, now);
  facts(html, state, now);
}

// Writes the page as it is asked for.
class Overview {
 public:
  Overview(std::vector<TargetState> targets, const Moment& moment)
      : targets_(std::move(targets)), order_(broken_first(targets_)), moment_(moment) {}
  Overview(const Overview&) = delete;
  Overview& operator=(const Overview&) = delete;
  ~Overview() = default;

  std::string next() {
    constexpr std::size_t enough = 65536;
    if (ended_) return {};
    if (!begun_) head();
    begun_ = true;
    while (done_ < order_.size() && html_.size() < enough) card(html_, *order_[done_++], moment_.now);
    if (done_ < order_.size()) return html_.take();
    ended_ = true;
    html_.close().close();
    end(html_);
    return std::move(html_).done();
  }

 private:
  void head() {
    begin(html_, "danewatch: status", moment_);
    html_.open("header").line("h1", "danewatch").open("p").text("As of ");
    html_.line("time", page::moment(moment_.now)).text(".").close();
    counts(html_, targets_);
    html_.close().open("main", {{"id", "main"}}).open("ol", {{"class", "targets"}});
  }

  std::vector<TargetState> targets_;
  std::vector<const TargetState*> order_;
  Moment moment_;
  Html html_;
  std::size_t done_ = 0;
  bool begun_ = false, ended_ = false;
};

}  // namespace

std::string overview(const std::vector<TargetState>& targets, const Moment& moment) {
  std::string whole;
  const auto next = overview_pieces(targets, moment);
  for (std::string piece = next(); !piece.empty(); piece = next()) whole += piece;
  return whole;
}

std::function<std::string()> overview_pieces(std::vector<TargetState> targets, const Moment& moment) {
  auto writer = std::make_shared<Overview>(std::move(targets), moment);
  return [writer] { return writer->next(); };
}

}  // namespace danewatch::page

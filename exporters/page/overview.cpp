#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ranges>
#include <string>
#include <tuple>

#include "exporters/page/html.hpp"
#include "exporters/page/page.hpp"
#include "exporters/page/sections.hpp"
#include "exporters/page/style.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/expiry.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch::page {
namespace {

constexpr std::size_t sparkline_runs = 30;
constexpr auto all_states = "all";

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

// Those that are counted, worst first.
auto states() {
  return worst_first | std::views::filter([](Severity each) { return counted_as(each) == each; });
}

std::string address(const OverviewQuery& query, std::size_t page) {
  std::string parts;
  const auto add = [&](std::string_view key, const std::string& value) {
    parts += fmt::format("{}{}={}", parts.empty() ? "/?" : "&", key, value);
  };
  if (!query.text.empty()) add("q", percent_encoded(query.text));
  if (query.state) add("state", std::string(to_string(*query.state)));
  if (page > 1) add("page", std::to_string(page));
  return parts.empty() ? "/" : parts;
}

// "2 critical, 1 warning, 5 ok": of all targets, each a way to those.
void counts(Html& html, const std::vector<TargetState>& targets) {
  html.open("p", {{"class", "head"}});
  for (const Severity state : states()) {
    const auto count = std::ranges::count_if(
        targets, [&](const TargetState& target) { return counted_as(severity_of(target)) == state; });
    if (count == 0) continue;
    OverviewQuery query;
    query.state = state;
    html.line("a", fmt::format("{} {}", count, to_string(state)),
              {{"class", fmt::format("badge {}", tone(state))}, {"href", address(query, 1)}});
  }
  if (targets.empty()) html.text("No targets are configured.");
  html.close();
}

// Works without script: a form that is sent as an address.
void search_form(Html& html, const OverviewQuery& query) {
  const Element form(html, "form", {{"class", "head"}, {"role", "search"}, {"action", "/"}, {"method", "get"}});
  html.open("label").text("Name ");
  html.empty("input", {{"type", "search"}, {"name", "q"}, {"value", query.text}, {"maxlength", "255"}}).close();
  html.open("label").text("State ").open("select", {{"name", "state"}});
  html.line("option", "all", {{"value", all_states}});
  for (const Severity each : states()) {
    const std::string word(to_string(each));
    html.flag("option", query.state == each ? "selected" : nullptr, {{"value", word}}).text(word).close();
  }
  html.close().close();
  html.line("button", "Show");
}

bool is_asked_for(const TargetState& state, const OverviewQuery& query) {
  if (query.state && counted_as(severity_of(state)) != counted_as(*query.state)) return false;
  if (query.text.empty()) return true;
  const auto holds = [wanted = lower(query.text)](std::string_view text) {
    return lower(text).find(wanted) != std::string::npos;
  };
  if (holds(state.name)) return true;
  const Report* report = state.history->latest.get();
  if (report == nullptr) return false;
  if (holds(report->target.text) || holds(report->target.unicode)) return true;
  return std::ranges::any_of(report->hosts, [&](const HostReport& host) { return holds(host.dns.host); });
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

// Which of the targets asked for stand on this page.
struct Shown {
  std::vector<const TargetState*> targets;  // of all pages
  std::size_t page = 1, pages = 1;

  std::size_t first() const { return (page - 1) * targets_a_page; }
  std::size_t end() const { return std::min(targets.size(), page * targets_a_page); }
};

Shown shown_of(const std::vector<TargetState>& targets, const OverviewQuery& query) {
  Shown shown;
  shown.targets = broken_first(targets);
  std::erase_if(shown.targets, [&](const TargetState* state) { return !is_asked_for(*state, query); });
  shown.pages = std::max<std::size_t>(1, (shown.targets.size() + targets_a_page - 1) / targets_a_page);
  shown.page = std::clamp<std::size_t>(query.page, 1, shown.pages);
  return shown;
}

// Where more than one page is asked for.
void page_links(Html& html, const Shown& shown, const OverviewQuery& query) {
  if (shown.pages == 1) return;
  const Element nav(html, "nav", {{"class", "head"}, {"aria-label", "Pages"}});
  if (shown.page > 1) html.line("a", "Previous", {{"rel", "prev"}, {"href", address(query, shown.page - 1)}});
  html.line("span", fmt::format("{} to {} of {}", shown.first() + 1, shown.end(), shown.targets.size()));
  if (shown.page < shown.pages) html.line("a", "Next", {{"rel", "next"}, {"href", address(query, shown.page + 1)}});
}

void what_was_asked(Html& html, const Shown& shown, const OverviewQuery& query) {
  if (query.text.empty() && !query.state) return;
  std::string words = query.state ? fmt::format(" {}", to_string(*query.state)) : "";
  if (!query.text.empty()) words += fmt::format(" with \"{}\"", query.text);
  html.open("p").text(
      fmt::format("{}{}: {}. ", shown.targets.size() == 1 ? "Target" : "Targets", words, shown.targets.size()));
  html.line("a", "Show all", {{"href", "/"}}).close();
}

}  // namespace

std::string overview(const std::vector<TargetState>& targets, const Moment& moment, const OverviewQuery& query,
                     const std::vector<Changed>* changes) {
  const Shown shown = shown_of(targets, query);
  const bool is_filtered = !query.text.empty() || query.state;
  Html html;
  begin(html, "danewatch: status", moment);
  html.open("header").line("h1", "danewatch").open("p").text("As of ");
  html.line("time", page::moment(moment.now)).text(".").close();
  counts(html, targets);
  if (targets.size() > 1) search_form(html, query);
  what_was_asked(html, shown, query);
  html.close().open("main", {{"id", "main"}});
  page_links(html, shown, query);
  html.open("ol", {{"class", "targets"}});
  for (std::size_t i = shown.first(); i < shown.end(); ++i) card(html, *shown.targets[i], moment.now);
  html.close();
  page_links(html, shown, query);
  if (changes != nullptr && shown.page == 1 && !is_filtered) latest_changes(html, *changes, moment.now);
  html.close();
  end(html);
  return std::move(html).done();
}

}  // namespace danewatch::page

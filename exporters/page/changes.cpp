#include <fmt/format.h>

#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/memory_words.hpp"

namespace danewatch::page {
namespace {

constexpr std::size_t few = 10, many = 1000;

std::vector<Changed> first_of(const std::vector<Changed>& changes, std::size_t most) {
  return {changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(std::min(most, changes.size()))};
}

}  // namespace

void event_list(Html& html, const std::vector<Changed>& changes, SysTime now,
                const std::function<std::string(SysTime)>& evidence_of) {
  const Element list(html, "ul", {{"class", "events"}});
  for (const Changed& each : changes) {
    const Event& event = each.kept->event;
    const Element item(html, "li");
    time(html, event.at, now);
    html.text(" ");
    if (!each.name.empty()) {
      html.line("a", each.name, {{"href", target_path(each.name)}}).text(": ");
    } else if (!each.kept->target.empty()) {
      html.text(each.kept->target + ": ");
    }
    html.text(words::happened(event));
    const std::string meaning = words::meaning(event);
    if (!meaning.empty()) html.text(" ").line("span", meaning, {{"class", "faint"}});
    const std::string evidence = evidence_of ? evidence_of(event.at) : "";
    if (!evidence.empty()) html.text(" ").line("a", "evidence", {{"href", evidence}});
  }
}

void latest_changes(Html& html, const std::vector<Changed>& newest_first, SysTime now) {
  const Element section(html, "section");
  html.line("h2", "What changed in the last 7 days");
  if (newest_first.empty()) {
    html.line("p", "Nothing.");
    return;
  }
  event_list(html, first_of(newest_first, few), now);
  if (newest_first.size() <= few) return;
  html.open("p").line("a", fmt::format("All {} changes", newest_first.size()), {{"href", "/changes"}}).close();
}

std::string changes(const std::vector<Changed>& changes, const Moment& moment) {
  Html html;
  begin(html, "danewatch: changes", moment);
  html.open("header").open("nav", {{"aria-label", "Pages"}}).line("a", "All targets", {{"href", "/"}}).close();
  html.line("h1", "What changed in the last 7 days").close();
  html.open("main", {{"id", "main"}});
  if (changes.empty()) html.line("p", "Nothing.");
  if (changes.size() > many) {
    html.line("p", fmt::format("The newest {} of {}; /api/v1/events has them all.", many, changes.size()));
  }
  event_list(html, first_of(changes, many), moment.now);
  html.close();
  end(html);
  return std::move(html).done();
}

}  // namespace danewatch::page

#include "exporters/text/memory.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "exporters/text/layout.hpp"
#include "exporters/words/memory_words.hpp"
#include "exporters/words/words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Tone;

Tone tone_of(const RecordLife& record) {
  switch (record.state) {
    case RecordLife::State::in_use:
      return Tone::good;
    case RecordLife::State::former:
      return Tone::warn;
    case RecordLife::State::unused:
      return Tone::plain;
    case RecordLife::State::gone:
      return Tone::faint;
  }
  return Tone::plain;
}

void add_records(Page& page, const Life& life, bool with_gone) {
  std::map<std::string, std::vector<RecordLife>> by_server;
  for (RecordLife& each : record_lives(life)) {
    const bool wanted = with_gone || each.state != RecordLife::State::gone;
    if (wanted) by_server[each.server].push_back(std::move(each));
  }
  for (const auto& [server, records] : by_server) {
    page.blank();
    page.paragraph({}, "", {{"Records of "}, {words::plain(server), Tone::strong}, {":"}});
    for (const RecordLife& each : records) {
      page.paragraph({std::string(to_string(each.state)), tone_of(each)}, "",
                     {{words::plain(words::short_record(each.record)) + ": "}, {words::life(each)}});
    }
  }
}

// "12:05 UTC" in the gutter where it is another than before.
void add_event(Page& page, const KeptEvent& kept, bool says_time) {
  layout::Spans spans;
  if (!kept.target.empty()) spans.push_back({words::plain(kept.target) + ": ", Tone::strong});
  spans.push_back({words::happened(kept.event)});
  const std::string time = moment_of(kept.event.at).substr(date_of(kept.event.at).size() + 1);
  page.paragraph({says_time ? time : "", Tone::faint}, "", spans);
}

void add_times(Page& page, const std::string& target, const Life& life) {
  page.paragraph({}, "",
                 {{words::plain(target), Tone::strong},
                  {fmt::format(": looked at since {}, last {}, {} {}", words::date_and_time(life.head.first_looked),
                               words::date_and_time(life.head.last_looked), life.head.looks,
                               life.head.looks == 1 ? "time" : "times")}});
  if (life.head.blind_since) {
    page.paragraph({}, "", {{"Since " + words::date_and_time(*life.head.blind_since) + " danewatch could not look."}});
  }
}

// Facts that hold now, by kind, with their beginning.
void add_states(Page& page, const Life& life) {
  page.blank();
  for (const Interval& each : life.open) {
    const Kind kind = each.thing.place.kind;
    if (kind != Kind::verdict && kind != Kind::dnssec) continue;
    const std::string place = each.thing.place.name.empty() ? "verdict" : each.thing.place.name;
    page.paragraph(
        {}, "",
        {{words::plain(place) + ": " + words::plain(each.thing.name)},
         {fmt::format(", since {}{}", each.at_least ? "at least " : "", words::date_and_time(each.first_seen))}});
  }
}

void add_headline(Page& page, const Report& report) {
  page.paragraph({words::headline_word(report.severity), words::tone_of(report.severity)}, "",
                 {{words::target(report.target), Tone::strong}, {": " + words::conclusion(report.conclusion)}});
}

std::string blind_mail(const Report& report, const TextOptions& options) {
  Page page(options.width);
  add_headline(page, report);
  page.paragraph({}, "", {{"danewatch could not look: " + words::plain(report.summary)}});
  page.blank();
  page.paragraph({}, "",
                 {{"What was known of it is kept as it was. This is said once: the next mail comes when something has "
                   "changed."}});
  return layout::render(page.lines(), options.color);
}

void add_changes(Page& page, const Change& change) {
  for (const Event& each : change.events) {
    page.blank();
    page.paragraph({"changed"}, "", {{words::happened(each)}});
    const std::string meaning = words::meaning(each);
    if (!meaning.empty()) page.paragraph({}, "", {{meaning}});
  }
}

}  // namespace

std::string records_text(const Life& life, const TextOptions& options) {
  Page page(options.width);
  add_records(page, life, false);
  return layout::render(page.lines(), options.color);
}

std::string history_text(const std::string& target, const Life& life, std::span<const KeptEvent> events,
                         const TextOptions& options) {
  Page page(options.width);
  add_times(page, target, life);
  add_states(page, life);
  add_records(page, life, true);
  if (!events.empty()) {
    page.blank();
    page.paragraph({}, "", {{"What happened:"}});
  }
  std::string text = layout::render(page.lines(), options.color);
  std::vector<KeptEvent> own(events.begin(), events.end());
  for (KeptEvent& each : own) each.target.clear();
  return text + changes_text(own, options);
}

std::string changes_text(std::span<const KeptEvent> events, const TextOptions& options) {
  Page page(options.width);
  std::string day;
  std::string moment;
  for (const KeptEvent& each : events) {
    if (std::exchange(day, date_of(each.event.at)) != day) {
      page.blank();
      page.paragraph({}, "", {{day, Tone::faint}});
      moment.clear();
    }
    const bool is_other = std::exchange(moment, moment_of(each.event.at)) != moment;
    add_event(page, each, is_other);
  }
  return layout::render(page.lines(), options.color);
}

std::string mail_text(const Report& report, const Life& life, const Change& change, const TextOptions& options) {
  if (!change.could_look) return change.went_blind ? blind_mail(report, options) : "";
  const bool is_first = life.head.looks == 1;
  const bool is_fine = exit_status(report.severity) == 0;
  if (change.events.empty() && (!is_first || is_fine)) return "";
  Page page(options.width);
  add_headline(page, report);
  if (is_first) {
    page.paragraph({}, "", {{"This is the first look at it. From now on a mail comes when something has changed."}});
  } else {
    add_changes(page, change);
  }
  page.blank();
  page.paragraph({}, "", {{is_fine ? "Nothing is wrong." : "How it stands, and what to do:"}});
  std::string text = layout::render(page.lines(), options.color) + "\n";
  TextOptions whole = options;
  whole.quiet = false;
  if (!is_fine) text += to_text(report, whole) + "\n";
  return text + records_text(life, options);
}

}  // namespace danewatch

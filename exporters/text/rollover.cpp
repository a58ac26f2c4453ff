#include "exporters/text/rollover.hpp"

#include <fmt/format.h>

#include <utility>

#include "exporters/text/layout.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/record_words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using layout::Page;
using layout::Span;
using layout::Tone;

Span label_of(StepState state) {
  switch (state) {
    case StepState::done:
      return {"done", Tone::good};
    case StepState::open:
      return {"now", Tone::strong};
    case StepState::not_before:
      return {"not yet", Tone::warn};
    case StepState::refused:
      return {"no", Tone::bad};
    case StepState::unknown:
      return {"unknown", Tone::warn};
  }
  return {"", Tone::plain};
}

std::string what_to_do(StepKind kind) {
  switch (kind) {
    case StepKind::publish:
      return "add";
    case StepKind::deploy:
      return "the servers may use the next key";
    case StepKind::remove:
      return "no address shows the old key any more: remove";
    case StepKind::wait:
    case StepKind::look:
      return "";
  }
  return "";
}

std::string before(const RolloverStep& step) {
  return step.may_move ? " at the earliest" : "";
}

std::string words_of(const RolloverStep& step) {
  std::string text(to_string(step.kind));
  const auto add = [&](const std::string& more) {
    if (!more.empty()) text += ": " + more;
  };
  if (step.state == StepState::not_before && step.at) {
    text += fmt::format(": not before {}{}", moment_of(*step.at), before(step));
  }
  if (step.state == StepState::open) add(what_to_do(step.kind));
  add(step.why);
  return words::plain(text);
}

bool is_change(StepKind kind) {
  return kind == StepKind::publish || kind == StepKind::remove;
}

void add_step(Page& page, const RolloverStep& step) {
  page.paragraph(label_of(step.state), "", {{words_of(step)}});
  if (step.state != StepState::open || !is_change(step.kind)) return;
  for (const TlsaRecord& each : step.records) page.copy(words::plain(full_line_of(each)));
}

std::string words_of(const RecordSpread& record) {
  std::string text =
      words::plain(short_text(record.record, {.left_out = "..."})) + ": " + std::string(to_string(record.state));
  if (record.since) text += fmt::format(", since {}{}", record.at_least ? "at least " : "", moment_of(*record.since));
  if (record.until) text += ", until " + moment_of(*record.until);
  if (!record.why.empty()) text += "; " + words::plain(record.why);
  return text;
}

}  // namespace

std::string plan_text(const Plan& plan, const TextOptions& options) {
  Page page(options.width);
  if (plan.keeps_the_key) {
    page.paragraph({"done", Tone::good}, "", {{"The next key is the one in use: there is nothing to do."}});
  }
  std::string place;
  for (const RolloverStep& each : plan.steps) {
    if (std::exchange(place, each.place) != each.place) {
      page.blank();
      page.paragraph({}, "", {{words::plain(each.place), Tone::strong}, {":"}});
    }
    add_step(page, each);
  }
  return layout::render(page.lines(), options.color);
}

std::string spread_text(std::span<const RecordSpread> records, const TextOptions& options) {
  Page page(options.width);
  std::string place;
  for (const RecordSpread& each : records) {
    if (std::exchange(place, each.server) != each.server) {
      page.blank();
      page.paragraph({}, "", {{"Records of "}, {words::plain(each.server), Tone::strong}, {":"}});
    }
    page.paragraph({}, "", {{words_of(each)}});
  }
  return layout::render(page.lines(), options.color);
}

std::string answer_line(const RolloverStep& step) {
  const std::string why = step.why.empty() ? "" : ": " + step.why;
  switch (step.state) {
    case StepState::done:
      return words::plain("yes: it is done" + why);
    case StepState::open:
      return words::plain("yes" + why);
    case StepState::not_before:
      return words::plain(
          fmt::format("not yet: not before {}{}{}", format_time(step.at.value_or(SysTime{})), before(step), why));
    case StepState::refused:
      return words::plain("no" + why);
    case StepState::unknown:
      return words::plain("unknown" + why);
  }
  return "unknown";
}

std::string answer_text(const RolloverStep& step) {
  std::string text = answer_line(step) + "\n";
  if (step.state != StepState::open || !is_change(step.kind)) return text;
  for (const TlsaRecord& each : step.records) text += words::plain(full_line_of(each)) + "\n";
  return text;
}

}  // namespace danewatch

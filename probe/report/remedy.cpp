#include "probe/report/remedy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

using Do = Step::Do;
using If = Remedy::If;
using Steps = std::span<const Step>;

// Code longer than this is there to be copied.
constexpr std::size_t longest_word = 32;

// What is left of a sentence after its code moved to a line of its own.
std::string_view without_leading_stop(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" .,;:");
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

std::string with_why(std::string words, const Step& step) {
  return step.why.empty() ? words : words + ": " + step.why;
}

std::string code(const Step& step) {
  return "`" + line_of(step.record.value_or(TlsaRecord())) + "`";
}

std::string verb(const Step& step) {
  if (!step.words.empty()) return step.words;
  return step.what == Do::add ? "add" : "remove";
}

// What is put in the place of another record, or added.
std::string thing(const Step& step) {
  return with_why(step.is_record ? step.words : code(step), step);
}

std::string record_words(const Step& step) {
  if (!step.names_record || !step.record) return verb(step);
  const std::string words = verb(step) + " " + code(step);
  if (!step.shared) return words;
  return fmt::format("look at every port and host that {} answers for, and if none needs it, {}", step.record->owner,
                     words);
}

std::string phrase(const Step& step) {
  switch (step.what) {
    case Do::add:
    case Do::remove:
      return with_why(record_words(step), step);
    case Do::announce:
      return with_why("declare it (--next, or next: in danewatch.yml)", step);
    case Do::wait:
      return with_why(step.words.empty() ? "wait until " + step.until : step.words, step);
    case Do::server:
    case Do::zone:
      break;
  }
  return with_why(step.is_record ? "add " + step.words : step.words, step);
}

std::string joined(Steps steps, std::string_view by) {
  std::string words;
  for (const Step& step : steps) words += (words.empty() ? "" : std::string(by)) + phrase(step);
  return words;
}

bool is_plain_add(const Step& step) {
  return step.what == Do::add && step.record && step.names_record && step.why.empty();
}

// Several records under one verb: "publish `A`, `B` and `C`".
std::string adds_words(Steps adds) {
  std::vector<std::string> codes;
  for (const Step& add : adds) codes.push_back(code(add));
  return verb(adds.front()) + " " + list(codes);
}

std::string steps_words(const std::vector<Step>& steps) {
  const Steps all(steps);
  const auto wait = std::ranges::find(steps, Do::wait, &Step::what);
  if (wait != steps.end() && wait != steps.begin() && wait + 1 != steps.end()) {
    const auto before = static_cast<std::size_t>(wait - steps.begin()) + 1;
    return fmt::format("first {}. {}", joined(all.first(before), " and "),
                       capital(joined(all.subspan(before), ", and ")));
  }
  const auto adds = static_cast<std::size_t>(std::ranges::find_if_not(steps, is_plain_add) - steps.begin());
  if (adds < 2) return joined(all, ", and ");
  const std::string rest = joined(all.subspan(adds), ", and ");
  return adds_words(all.first(adds)) + (rest.empty() ? "" : ", and " + rest);
}

std::string remedy_words(const Remedy& remedy) {
  const std::string words = steps_words(remedy.steps);
  if (!remedy.why.empty()) return fmt::format("{}: {}", remedy.why, words);
  switch (remedy.condition) {
    case If::this_is:
      return fmt::format("if it is {}, {}", remedy.when, words);
    case If::so:
      return fmt::format("if {}, {}", remedy.when, words);
    case If::otherwise:
      return "otherwise " + words;
    case If::always:
      break;
  }
  return words;
}

// Another way under the same condition, which is said once.
bool goes_on(const Remedy& remedy, const Remedy& before) {
  return remedy.condition == If::so && before.condition == If::so && remedy.when == before.when;
}

std::string_view link_to(const Remedy& remedy) {
  if (remedy.condition == If::always) return ", or ";
  return remedy.condition == If::otherwise ? "; " : ". ";
}

bool replaces(const Remedy& remedy) {
  if (remedy.steps.size() != 2 || remedy.condition != If::always) return false;
  const Step& first = remedy.steps.front();
  return (first.is_record || (first.what == Do::add && first.record)) && remedy.steps.back().what == Do::remove;
}

// Each alternative is another record in the place of the same one.
bool replace_one(const Remedies& remedies) {
  return std::ranges::all_of(remedies, [&](const Remedy& remedy) {
    return replaces(remedy) && remedy.steps.back() == remedies.front().steps.back();
  });
}

std::string replacement_words(const Remedies& remedies) {
  std::string by;
  for (const Remedy& remedy : remedies) by += (by.empty() ? "" : ", or by ") + thing(remedy.steps.front());
  const Step& old = remedies.front().steps.back();
  if (old.shared) return fmt::format("Add {}. As for the old one, {}.", by, phrase(old));
  return fmt::format("Replace {} by {}.", code(old), by);
}

bool is_sentences(const Remedies& remedies) {
  return remedies.size() == 1 && remedies.front().steps.size() == 1 && remedies.front().steps.front().is_sentences;
}

Step record_step(Do what, TlsaRecord record, std::string words, std::string why) {
  Step step;
  step.what = what;
  step.record = std::move(record);
  step.words = std::move(words);
  step.why = std::move(why);
  return step;
}

Step word_step(Do what, std::string words) {
  Step step;
  step.what = what;
  step.words = std::move(words);
  return step;
}

}  // namespace

Step add_record(TlsaRecord record, std::string why) {
  return record_step(Do::add, std::move(record), "", std::move(why));
}

Step publish_record(TlsaRecord record, std::string why) {
  return record_step(Do::add, std::move(record), "publish", std::move(why));
}

Step remove_record(TlsaRecord record, bool shared) {
  Step step = record_step(Do::remove, std::move(record), "", "");
  step.shared = shared;
  return step;
}

Step announce_record(TlsaRecord record) {
  return record_step(Do::announce, std::move(record), "", "");
}

Step wait_until(std::string until, std::string words) {
  Step step = word_step(Do::wait, std::move(words));
  step.until = std::move(until);
  return step;
}

Step at_server(std::string words, std::string at) {
  Step step = word_step(Do::server, std::move(words));
  step.at = std::move(at);
  return step;
}

Step in_zone(std::string words) {
  return word_step(Do::zone, std::move(words));
}

Step some_record(std::string words) {
  Step step = word_step(Do::zone, std::move(words));
  step.is_record = true;
  return step;
}

Remedy always(std::vector<Step> steps) {
  return {If::always, "", "", std::move(steps)};
}

Remedy if_it_is(std::string what, std::vector<Step> steps) {
  return {If::this_is, std::move(what), "", std::move(steps)};
}

Remedy if_so(std::string when, std::vector<Step> steps) {
  return {If::so, std::move(when), "", std::move(steps)};
}

Remedy if_not(std::vector<Step> steps) {
  return {If::otherwise, "", "", std::move(steps)};
}

Remedies advice(Step::Do what, std::string sentences, std::string at) {
  if (sentences.empty()) return {};
  Step step = word_step(what, std::move(sentences));
  step.at = std::move(at);
  step.is_sentences = true;
  return {always({std::move(step)})};
}

std::string_view to_string(Step::Do what) {
  switch (what) {
    case Do::add:
      return "add";
    case Do::remove:
      return "remove";
    case Do::announce:
      return "announce";
    case Do::wait:
      return "wait";
    case Do::server:
      return "server";
    case Do::zone:
      break;
  }
  return "zone";
}

std::string condition_words(const Remedy& remedy) {
  if (remedy.condition == If::this_is) return "this is " + remedy.when;
  return remedy.condition == If::otherwise ? "otherwise" : remedy.when;
}

std::string step_words(const Step& step) {
  const bool about_record = step.what == Do::add || step.what == Do::remove || step.what == Do::announce;
  if (about_record || step.words.empty()) return "";
  return step.is_sentences ? step.words : capital(phrase(step)) + ".";
}

std::string fix_words(const Remedies& remedies) {
  if (remedies.empty()) return "";
  if (is_sentences(remedies)) return remedies.front().steps.front().words;
  if (replace_one(remedies)) return replacement_words(remedies);
  std::string text = capital(remedy_words(remedies.front()));
  for (std::size_t i = 1; i < remedies.size(); ++i) {
    const Remedy& remedy = remedies[i];
    if (goes_on(remedy, remedies[i - 1])) {
      text += ", or " + steps_words(remedy.steps);
      continue;
    }
    const std::string_view link = link_to(remedy);
    const std::string words = remedy_words(remedy);
    text += link;
    text += remedy.condition == If::this_is || remedy.condition == If::so ? capital(words) : words;
  }
  return text + ".";
}

// Every second piece stands between backticks.
std::vector<FixPiece> fix_pieces(const Remedies& remedies) {
  std::vector<FixPiece> pieces;
  const std::string words = fix_words(remedies);
  bool is_code = false;
  for (std::string_view left = words; !left.empty(); is_code = !is_code) {
    const std::size_t end = std::min(left.find('`'), left.size());
    std::string_view piece = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    const bool after_line = !pieces.empty() && pieces.back().kind == FixPiece::Kind::line;
    if (!is_code && after_line) piece = without_leading_stop(piece);
    if (piece.empty()) continue;
    const auto code_kind = piece.size() > longest_word ? FixPiece::Kind::line : FixPiece::Kind::word;
    pieces.push_back({is_code ? code_kind : FixPiece::Kind::prose, std::string(piece)});
  }
  return pieces;
}

bool shows_data(const Remedies& remedies, const TlsaRecord& record) {
  const auto shows = [&](const Step& step) {
    const bool written = step.record && step.names_record && step.what != Do::announce;
    return written && step.record->data == record.data && line_of(*step.record) == full_line_of(*step.record);
  };
  return std::ranges::any_of(remedies, [&](const Remedy& remedy) { return std::ranges::any_of(remedy.steps, shows); });
}

}  // namespace danewatch

#include "probe/report/remedy.hpp"

#include <algorithm>
#include <span>

#include "probe/report/record_words.hpp"
#include "probe/report/wording.hpp"

namespace danewatch {
namespace {

using Do = Step::Do;
using If = Remedy::If;
using Steps = std::span<const Step>;

Wording with_why(Wording words, const Step& step) {
  if (!step.why.empty()) words += ": " + step.why;
  return words;
}

Wording code(const Step& step) {
  return Wording::code(line_of(step.record.value_or(TlsaRecord())));
}

std::string verb(const Step& step) {
  if (!step.words.empty()) return step.words;
  return step.what == Do::add ? "add" : "remove";
}

// What is put in the place of another record, or added.
Wording thing(const Step& step) {
  return with_why(step.is_record ? Wording(step.words) : code(step), step);
}

Wording record_words(const Step& step) {
  if (!step.names_record || !step.record) return verb(step);
  const Wording words = verb(step) + " " + code(step);
  if (!step.shared) return words;
  return "look at every port and host that " + Wording::quoted(step.record->owner) +
         " answers for, and if none needs it, " + words;
}

Wording phrase(const Step& step) {
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

Wording joined(Steps steps, std::string_view by) {
  Wording words;
  for (const Step& step : steps) {
    if (!words.empty()) words += by;
    words += phrase(step);
  }
  return words;
}

bool is_plain_add(const Step& step) {
  return step.what == Do::add && step.record && step.names_record && step.why.empty();
}

// Several records under one verb: "publish `A`, `B` and `C`".
Wording adds_words(Steps adds) {
  std::vector<Wording> codes;
  for (const Step& add : adds) codes.push_back(code(add));
  return verb(adds.front()) + " " + list_of(codes);
}

Wording steps_words(const std::vector<Step>& steps) {
  const Steps all(steps);
  const auto wait = std::ranges::find(steps, Do::wait, &Step::what);
  if (wait != steps.end() && wait != steps.begin() && wait + 1 != steps.end()) {
    const auto before = static_cast<std::size_t>(wait - steps.begin()) + 1;
    return "first " + joined(all.first(before), " and ") + ". " + joined(all.subspan(before), ", and ").capitalized();
  }
  const auto adds = static_cast<std::size_t>(std::ranges::find_if_not(steps, is_plain_add) - steps.begin());
  if (adds < 2) return joined(all, ", and ");
  Wording words = adds_words(all.first(adds));
  if (adds < all.size()) words += ", and " + joined(all.subspan(adds), ", and ");
  return words;
}

Wording remedy_words(const Remedy& remedy) {
  const Wording words = steps_words(remedy.steps);
  if (!remedy.why.empty()) return remedy.why + ": " + words;
  switch (remedy.condition) {
    case If::this_is:
      return "if it is " + remedy.when + ", " + words;
    case If::so:
      return "if " + remedy.when + ", " + words;
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

Wording replacement_words(const Remedies& remedies) {
  Wording by;
  for (const Remedy& remedy : remedies) {
    if (!by.empty()) by += ", or by ";
    by += thing(remedy.steps.front());
  }
  const Step& old = remedies.front().steps.back();
  if (old.shared) return "Add " + by + ". As for the old one, " + phrase(old) + ".";
  return "Replace " + code(old) + " by " + by + ".";
}

bool is_sentences(const Remedies& remedies) {
  return remedies.size() == 1 && remedies.front().steps.size() == 1 && remedies.front().steps.front().is_sentences;
}

// What to do, in whole sentences.
Wording fix_of(const Remedies& remedies) {
  if (remedies.empty()) return {};
  if (is_sentences(remedies)) return remedies.front().steps.front().words;
  if (replace_one(remedies)) return replacement_words(remedies);
  Wording words = remedy_words(remedies.front()).capitalized();
  for (std::size_t i = 1; i < remedies.size(); ++i) {
    const Remedy& remedy = remedies[i];
    if (goes_on(remedy, remedies[i - 1])) {
      words += ", or " + steps_words(remedy.steps);
      continue;
    }
    const bool begins = remedy.condition == If::this_is || remedy.condition == If::so;
    words += link_to(remedy);
    words += begins ? remedy_words(remedy).capitalized() : remedy_words(remedy);
  }
  return words + ".";
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
  return step.is_sentences ? step.words : phrase(step).capitalized().text() + ".";
}

std::string fix_words(const Remedies& remedies) {
  return fix_of(remedies).text();
}

std::vector<FixPiece> fix_pieces(const Remedies& remedies) {
  return fix_of(remedies).pieces();
}

bool shows_data(const Remedies& remedies, const TlsaRecord& record) {
  const auto shows = [&](const Step& step) {
    const bool written = step.record && step.names_record && step.what != Do::announce;
    return written && step.record->data == record.data && line_of(*step.record) == full_line_of(*step.record);
  };
  return std::ranges::any_of(remedies, [&](const Remedy& remedy) { return std::ranges::any_of(remedy.steps, shows); });
}

}  // namespace danewatch

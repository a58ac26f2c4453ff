// Remedies: what to do about a finding, as data. The sentence of advice is made from them here, and nowhere else.
//
// Never decides what is right: the finding's maker does. Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/tlsa.hpp"

namespace danewatch {

struct Step {
  enum class Do { add, remove, announce, wait, server, zone };
  Do what = Do::zone;
  std::optional<TlsaRecord> record;  // add, remove, announce: whole, with its owner where it has one
  bool shared = false;               // remove: only if no other port or host that the owner answers for needs it
  std::string at;                    // server: which one, in words
  std::string until;                 // wait
  std::string why;                   // of this step; said after it
  // In the imperative and without a full stop. server, zone: what to do; add, remove: the verb, where it is another
  // than theirs; wait: how to, where it is not "wait until".
  std::string words;
  bool names_record = true;   // add, remove: the record stands behind the words
  bool is_record = false;     // zone: the words are a record to add, which only words can name ("a right one")
  bool is_sentences = false;  // the words are whole sentences, shown as they are

  bool operator==(const Step&) const = default;
};

// In the order in which they are safe.
struct Remedy {
  enum class If {
    always,
    this_is,
    so,
    otherwise
  };  // this_is: a guess at what the thing is; otherwise: the one before is not so
  If condition = If::always;
  std::string when;  // "an old key", "that certificate is the right one"
  std::string why;   // of the remedy; said before it
  std::vector<Step> steps;

  bool operator==(const Remedy&) const = default;
};

using Remedies = std::vector<Remedy>;

Step add_record(TlsaRecord record, std::string why = {});
Step publish_record(TlsaRecord record, std::string why = {});  // the same step under another verb
Step remove_record(TlsaRecord record, bool shared = false);
Step announce_record(TlsaRecord record);
Step wait_until(std::string until, std::string words = {});
Step at_server(std::string words, std::string at = {});
Step in_zone(std::string words);
Step some_record(std::string words);

Remedy always(std::vector<Step> steps);
Remedy if_it_is(std::string what, std::vector<Step> steps);  // "If it is an old key, …"
Remedy if_so(std::string when, std::vector<Step> steps);     // "If …, …"
Remedy if_not(std::vector<Step> steps);                      // "; otherwise …"

// One remedy of one step that says these sentences; none for an empty text.
Remedies advice(Step::Do what, std::string sentences, std::string at = {});

std::string_view to_string(Step::Do what);
// When the remedy is right, as a clause of its own: "this is an old key"; empty: always.
std::string condition_words(const Remedy& remedy);
// One step as a sentence; empty where its other fields say all.
std::string step_words(const Step& step);
// What to do, with every line to copy between backticks.
std::string fix_words(const Remedies& remedies);
// The same in pieces, for whoever shows code apart from prose.
struct FixPiece {
  enum class Kind { prose, word, line };  // word: code that reads well inside a sentence; line: to be copied
  Kind kind = Kind::prose;
  std::string text;

  bool operator==(const FixPiece&) const = default;
};
std::vector<FixPiece> fix_pieces(const Remedies& remedies);  // never an empty piece
// Some step has this record's data, and the words show it whole.
bool shows_data(const Remedies& remedies, const TlsaRecord& record);

}  // namespace danewatch

#include "probe/life/runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace danewatch {
namespace {

constexpr std::string_view none = "-";
constexpr std::size_t most_runs = 1000;

bool ended_alike(const HistoryEntry& left, const HistoryEntry& right) {
  return left.conclusion == right.conclusion && left.severity == right.severity && left.impact == right.impact &&
         left.worst_finding == right.worst_finding;
}

std::string_view or_none(std::string_view word) {
  return word.empty() ? none : word;
}

std::string end_of(const HistoryEntry& run) {
  return fmt::format(" {} {} {} {} {}", to_string(run.conclusion.verdict), or_none(to_string(run.conclusion.reason)),
                     to_string(run.severity), run.impact ? to_string(*run.impact) : none, or_none(run.worst_finding));
}

// The text up to the next of these, which is taken too.
std::string_view take(std::string_view& text, char end) {
  const std::size_t length = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return part;
}

std::optional<long long> number_from(std::string_view word) {
  constexpr long long most = 253402300800;  // the year 10000
  long long value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value > most || value < -most) return std::nullopt;
  return value;
}

// Of the table, because nobody else owns the word.
std::optional<std::string_view> finding_from(std::string_view word) {
  if (word == none) return "";
  const auto row = std::ranges::find(finding_table(), word, &FindingRow::code);
  if (row == finding_table().end()) return std::nullopt;
  return row->code;
}

bool read_end(std::string_view words, HistoryEntry& run) {
  const auto word = [&words] { return take(words, ' '); };
  const auto verdict = verdict_from(word());
  const std::string_view reason_word = word();
  const auto reason = reason_from(reason_word == none ? "" : reason_word);
  const auto severity = severity_from(word());
  const std::string_view impact_word = word();
  const auto impact = impact_from(impact_word);
  const auto finding = finding_from(word());
  if (!verdict || !reason || !severity || !finding || (!impact && impact_word != none)) return false;
  run.conclusion = {*verdict, *reason};
  run.severity = *severity;
  run.impact = impact;
  run.worst_finding = *finding;
  return true;
}

// "+300 120", and how it ended if that is not as the run before it.
std::optional<HistoryEntry> run_from(std::string_view words, const HistoryEntry& before) {
  HistoryEntry run = before;
  const auto later = number_from(take(words, ' '));
  const auto took = number_from(take(words, ' '));
  if (!later || !took) return std::nullopt;
  run.at = before.at + std::chrono::seconds(*later);
  run.duration = std::chrono::milliseconds(*took);
  if (!words.empty() && !read_end(words, run)) return std::nullopt;
  return run;
}

}  // namespace

std::string packed(const std::vector<HistoryEntry>& runs) {
  std::string text;
  HistoryEntry before;
  for (const HistoryEntry& run : runs) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ";", (run.at - before.at).count(), run.duration.count());
    if (&run == &runs.front() || !ended_alike(run, before)) text += end_of(run);
    before = run;
  }
  return text;
}

std::vector<HistoryEntry> unpacked(std::string_view text) {
  std::vector<HistoryEntry> runs;
  HistoryEntry before;
  while (!text.empty() && runs.size() < most_runs) {
    const auto run = run_from(take(text, ';'), before);
    if (!run) break;
    runs.push_back(*run);
    before = *run;
  }
  return runs;
}

}  // namespace danewatch

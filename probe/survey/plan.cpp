#include "probe/survey/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace danewatch {
namespace {

constexpr std::string_view first_line = "danewatch survey 1";
constexpr std::string_view ending = ".ndjson.zst";

std::string_view take_until(std::string_view& text, char mark) {
  const auto at = std::min(text.find(mark), text.size());
  const auto taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

template <class Number>
bool read_number(std::string_view text, Number& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_segment(std::string_view text, Segment& segment) {
  return read_number(take_until(text, ' '), segment.first) && read_number(take_until(text, ' '), segment.last) &&
         read_number(text, segment.lines) && segment.first < segment.last && segment.last <= bucket_count;
}

bool take_line(std::string_view line, SurveyPlan& plan) {
  const auto key = take_until(line, ' ');
  if (key == "shard") {
    const auto shard = parse_shard(line);
    if (shard) plan.shard = *shard;
    return shard.has_value();
  }
  if (key == "keep") plan.keep = line;
  if (key == "views") plan.views = line;
  if (key == "names") return read_number(line, plan.lines);
  if (key == "fingerprint") return read_number(line, plan.fingerprint, 16);
  if (key == "segment") return read_segment(line, plan.segments.emplace_back());
  return key == "keep" || key == "views";
}

bool is_number(std::string_view text) {
  return text.size() == 6 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<Segment> cut_into_segments(std::span<const std::uint64_t> lines_of_buckets, std::uint64_t size) {
  std::vector<Segment> segments;
  Segment open;
  for (std::size_t bucket = 0; bucket < lines_of_buckets.size(); ++bucket) {
    open.lines += lines_of_buckets[bucket];
    open.last = bucket + 1;
    const bool is_last = open.last == lines_of_buckets.size();
    if (open.lines == 0 || (open.lines < size && !is_last)) continue;
    segments.push_back(open);
    open = {open.last, open.last, 0};
  }
  return segments;
}

std::string to_text(const SurveyPlan& plan) {
  std::string text = fmt::format("{}\nshard {}/{}\nkeep {}\nviews {}\nnames {}\nfingerprint {:016x}\n", first_line,
                                 plan.shard.number, plan.shard.of, plan.keep, plan.views, plan.lines, plan.fingerprint);
  for (const Segment& each : plan.segments)
    text += fmt::format("segment {} {} {}\n", each.first, each.last, each.lines);
  return text;
}

Parsed<SurveyPlan> parse_survey_plan(std::string_view text) {
  SurveyPlan plan;
  if (take_until(text, '\n') != first_line) return error_at(0, "is not the plan of a survey of this version");
  for (std::size_t number = 2; !text.empty(); ++number) {
    if (!take_line(take_until(text, '\n'), plan))
      return error_at(number, fmt::format("line {} is not a line of a plan", number));
  }
  return plan;
}

std::optional<std::string> difference(const SurveyPlan& begun, const SurveyPlan& now) {
  if (begun.shard != now.shard) {
    return fmt::format("holds shard {}/{} of a survey, and shard {}/{} is asked for", begun.shard.number,
                       begun.shard.of, now.shard.number, now.shard.of);
  }
  if (begun.lines != now.lines || begun.fingerprint != now.fingerprint) return "holds a survey of other names";
  if (begun.keep != now.keep) return fmt::format("holds a survey that was begun with --keep {}", begun.keep);
  if (begun.views != now.views) return fmt::format("holds a survey that was begun with --views {}", begun.views);
  return std::nullopt;
}

std::string file_name(const SegmentFile& file) {
  const std::string part = file.part == 0 ? "" : fmt::format("-{}", file.part);
  return fmt::format("{:06}{}{}", file.segment, part, ending);
}

std::optional<SegmentFile> parse_file_name(std::string_view name) {
  if (!name.ends_with(ending)) return std::nullopt;
  name.remove_suffix(ending.size());
  SegmentFile file;
  if (!is_number(name.substr(0, 6)) || !read_number(name.substr(0, 6), file.segment)) return std::nullopt;
  name.remove_prefix(6);
  if (name.empty()) return file;
  if (!name.starts_with('-') || !read_number(name.substr(1), file.part) || file.part == 0) return std::nullopt;
  return file;
}

std::vector<SegmentState> states_of(const SurveyPlan& plan, std::span<const std::string> file_names) {
  std::vector<SegmentState> states(plan.segments.size());
  for (const std::string& name : file_names) {
    const auto file = parse_file_name(name);
    if (!file || file->segment >= states.size()) continue;
    SegmentState& state = states[file->segment];
    if (file->part == 0) {
      state.complete = true;
    } else {
      state.parts.push_back(*file);
    }
  }
  for (SegmentState& state : states) std::ranges::sort(state.parts, {}, &SegmentFile::part);
  return states;
}

}  // namespace danewatch

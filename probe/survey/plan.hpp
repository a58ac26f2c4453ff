// What a survey is, fixed when it begins: its names, its segments, and what is kept of each name.
//
// A segment is a number of buckets whose results stand in one file. A file is finished or not there, so that the files
// are all that is known of how far the survey came. Thread rule: values and pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/survey/order.hpp"

namespace danewatch {

struct Segment {
  std::size_t first = 0;  // bucket
  std::size_t last = 0;   // the one behind its last bucket
  std::uint64_t lines = 0;

  bool operator==(const Segment&) const = default;
};

struct SurveyPlan {
  Shard shard;
  std::string keep;               // "verdict", "report", "evidence"
  std::string views;              // as --views
  std::uint64_t lines = 0;        // of the input that are of this shard, repetitions among them
  std::uint64_t fingerprint = 0;  // of those, whatever their order
  std::vector<Segment> segments;

  bool operator==(const SurveyPlan&) const = default;
};

// Of at least `size` lines each, but for the last one.
std::vector<Segment> cut_into_segments(std::span<const std::uint64_t> lines_of_buckets, std::uint64_t size);

std::string to_text(const SurveyPlan& plan);
Parsed<SurveyPlan> parse_survey_plan(std::string_view text);

// Why a survey that was begun as `begun` is not this one, as the end of a sentence; nothing: it is.
std::optional<std::string> difference(const SurveyPlan& begun, const SurveyPlan& now);

// "000012.ndjson.zst": all of segment 12, or what parts of it left over; "000012-3.ndjson.zst": the third part of it.
struct SegmentFile {
  std::size_t segment = 0;
  std::size_t part = 0;  // from 1; 0: the last, with which the segment is complete

  bool operator==(const SegmentFile&) const = default;
};
std::string file_name(const SegmentFile& file);
std::optional<SegmentFile> parse_file_name(std::string_view name);

// What is left to do for a segment.
struct SegmentState {
  bool complete = false;
  std::vector<SegmentFile> parts;
};
std::vector<SegmentState> states_of(const SurveyPlan& plan, std::span<const std::string> file_names);

}  // namespace danewatch

// The names of a survey in their order, and where each result goes.
//
// Holds the names of the open segments and no others. A segment whose last result came is finished at once; what is
// open when the survey is interrupted becomes a part, whole in itself. Thread rule: one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/run/survey_run.hpp"
#include "store/segments/segment_writer.hpp"
#include "store/segments/survey_directory.hpp"

namespace danewatch {

class SurveyFeed {
 public:
  // Throws std::runtime_error where the directory cannot be read or written, here and below.
  SurveyFeed(SurveyDirectory& directory, const SurveyPlan& plan);

  std::optional<SurveyJob> next();
  void done(const SurveyJob& job, std::string_view line);
  void close_parts();                // what is open, as far as it came
  void abandon() { open_.clear(); }  // what is open leaves nothing behind

  std::uint64_t done_before() const { return done_before_; }  // lines of segments that were complete at the start
  std::uint64_t done_here() const { return done_here_; }
  std::size_t complete() const { return complete_; }  // segments

 private:
  struct Open {
    std::deque<std::string> names;  // not begun
    std::size_t left = 0;           // begun or not, and without a result
    std::size_t parts = 0;          // whole ones
    std::size_t lines = 0;          // in the writer
    std::unique_ptr<SegmentWriter> writer;
  };

  bool open_next();
  void finish(std::size_t segment, Open& open);

  SurveyDirectory& directory_;
  const SurveyPlan& plan_;
  std::vector<SegmentState> states_;
  std::size_t next_segment_ = 0;
  std::map<std::size_t, Open> open_;
  std::uint64_t done_before_ = 0;
  std::uint64_t done_here_ = 0;
  std::size_t complete_ = 0;
};

}  // namespace danewatch

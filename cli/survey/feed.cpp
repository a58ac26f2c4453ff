#include "cli/survey/feed.hpp"

#include <set>

#include "exporters/survey/line.hpp"

namespace danewatch {
namespace {

// The kept lines of what has a result already: a domain is its own, a bad line is known by its text.
std::set<std::string> domains_in(const SurveyDirectory& directory, const SegmentState& state) {
  std::set<std::string> domains;
  for (const SegmentFile& part : state.parts) {
    for_each_line(directory.path() + "/" + file_name(part), [&](std::string_view line) {
      if (const auto result = parse_survey_line(line)) domains.insert(result->domain);
    });
  }
  return domains;
}

std::set<std::string> lines_done(const std::vector<std::string>& lines, const std::set<std::string>& domains) {
  std::set<std::string> done;
  for (const std::string& line : lines) {
    if (!domains.empty() && domains.contains(from_kept_line(line).name)) done.insert(line);
  }
  return done;
}

}  // namespace

SurveyFeed::SurveyFeed(SurveyDirectory& directory, const SurveyPlan& plan)
    : directory_(directory), plan_(plan), states_(states_of(plan, directory.files())) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (!states_[i].complete) continue;
    done_before_ += plan.segments[i].lines;
    ++complete_;
  }
}

bool SurveyFeed::open_next() {
  while (next_segment_ < states_.size() && states_[next_segment_].complete) ++next_segment_;
  if (next_segment_ == states_.size()) return false;
  const SegmentState& state = states_[next_segment_];
  std::vector<std::string> lines = directory_.names_in(plan_.segments[next_segment_]);
  const std::size_t all = lines.size();
  const std::set<std::string> done = lines_done(lines, domains_in(directory_, state));
  lines = in_order(std::move(lines), done);
  done_before_ += all - lines.size();
  Open& open = open_[next_segment_];
  open.left = lines.size();
  open.parts = state.parts.empty() ? 0 : state.parts.back().part;
  open.names.assign(std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
  open.writer = std::make_unique<SegmentWriter>(directory_.path(), file_name({next_segment_, 0}));
  if (open.left == 0) finish(next_segment_, open);
  ++next_segment_;
  return true;
}

std::optional<SurveyJob> SurveyFeed::next() {
  for (;;) {
    for (auto& [segment, open] : open_) {
      if (open.names.empty()) continue;
      SurveyJob job;
      job.line = std::move(open.names.front());
      open.names.pop_front();
      job.name = from_kept_line(job.line);
      job.segment = segment;
      return job;
    }
    if (!open_next()) return std::nullopt;
  }
}

void SurveyFeed::done(const SurveyJob& job, std::string_view line) {
  Open& open = open_.at(job.segment);
  open.writer->add(line);
  ++open.lines;
  ++done_here_;
  if (--open.left == 0) finish(job.segment, open);
}

void SurveyFeed::finish(std::size_t segment, Open& open) {
  open.writer->finish(file_name({segment, 0}));
  open_.erase(segment);
  ++complete_;
}

void SurveyFeed::close_parts() {
  for (auto& [segment, open] : open_) {
    if (open.lines > 0) open.writer->finish(file_name({segment, open.parts + 1}));
  }
  open_.clear();
}

}  // namespace danewatch

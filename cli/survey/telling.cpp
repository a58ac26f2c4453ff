#include "cli/survey/telling.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/system/errors.hpp"
#include "cli/system/output.hpp"
#include "exporters/survey/line.hpp"
#include "exporters/survey/notice.hpp"
#include "exporters/survey/summary.hpp"
#include "exporters/words/escape.hpp"
#include "resolver/suffix/registrable.hpp"
#include "store/segments/segment_writer.hpp"
#include "store/segments/survey_directory.hpp"

namespace danewatch {
namespace {

using Take = std::function<void(const SurveyResult&)>;

// The names of whole segments against all: who reads numbers must know what they are numbers of.
void warn_of_unfinished(const std::string& directory, const SurveyPlan& plan, std::uint64_t results) {
  if (results >= plan.lines || plan.lines == 0) return;
  std::size_t whole = 0;
  for (const SegmentState& state : states_of(plan, files_of_survey(directory))) whole += state.complete ? 1 : 0;
  if (whole == plan.segments.size()) return;
  write_error(fmt::format("{}: is not finished: {} of {} segments are whole", escape_for_terminal(directory), whole,
                          plan.segments.size()));
}

void read_results(const std::vector<std::string>& directories, const Take& take) {
  for (const std::string& directory : directories) {
    if (!std::filesystem::is_directory(directory))
      throw UsageError(fmt::format("{}: is not a directory", escape_for_terminal(directory)));
    const SurveyPlan plan = read_survey_plan(directory);
    std::uint64_t results = 0;
    for_each_result(directory, [&](std::string_view line) {
      const auto result = parse_survey_line(line);
      if (!result)
        throw std::runtime_error(
            fmt::format("{}: holds a line that {}", escape_for_terminal(directory), result.error().message));
      ++results;
      take(*result);
    });
    warn_of_unfinished(directory, plan, results);
  }
}

SurveySummary summary_of(const SurveyOptions& options) {
  Counter counter;
  Verdicts before;
  if (options.against) {
    read_results({*options.against}, [&](const SurveyResult& result) { before.add(result); });
    before.sort();
  }
  RunComparer comparer(before);
  read_results(options.directories, [&](const SurveyResult& result) {
    counter.add(result);
    if (options.against) comparer.add(result);
  });
  SurveySummary summary{counter.take(), std::nullopt};
  if (options.against) summary.against = comparer.take();
  return summary;
}

void write_page(const std::string& path, const std::string& page) {
  if (path == "-") return write_output(page);
  const std::filesystem::path file(path);
  const std::string folder = file.has_parent_path() ? file.parent_path().string() : ".";
  write_whole_file(folder, file.filename(), page);
}

}  // namespace

int tell_summary(const SurveyOptions& options) {
  const SurveySummary summary = summary_of(options);
  if (options.html) {
    write_page(*options.html, to_summary_page(summary));
  } else {
    write_output(options.json ? to_summary_json(summary) + "\n" : to_summary_text(summary));
  }
  return 0;
}

int tell_notices(const SurveyOptions& options) {
  Notices notices(registrable_domain);
  read_results(options.directories, [&](const SurveyResult& result) { notices.add(result); });
  for (const Notice& notice : notices.take()) write_output(to_mail(notice) + "\n");
  return 0;
}

}  // namespace danewatch

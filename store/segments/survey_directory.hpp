// The directory of a survey: its plan, the names put aside by bucket, and the files of results.
//
// One danewatch at a time writes into it. Knows no network. Thread rule: one thread.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/survey/plan.hpp"

namespace danewatch {

class SurveyDirectory {
 public:
  // Makes it where it is not there, and locks it. Throws std::runtime_error with one sentence, here and below.
  explicit SurveyDirectory(std::string path);
  SurveyDirectory(const SurveyDirectory&) = delete;
  SurveyDirectory& operator=(const SurveyDirectory&) = delete;
  ~SurveyDirectory();

  const std::string& path() const { return path_; }
  std::optional<SurveyPlan> plan() const;  // nothing: none was begun here

  // The names of the input, by bucket; the plan is written when all of them are on the disk.
  void put_aside(std::size_t bucket, std::string_view line);
  void begin(const SurveyPlan& plan);
  std::vector<std::string> names_in(const Segment& segment) const;  // kept lines, with repetitions

  void forget_names();  // when all of them are done

  std::vector<std::string> files() const;  // of results, and others

 private:
  std::string path_;
  int lock_ = -1;
  std::vector<std::unique_ptr<std::ofstream>> buckets_;
};

// For who only reads: the plan, which must be there, and every line of every whole file.
std::vector<std::string> files_of_survey(const std::string& directory);
SurveyPlan read_survey_plan(const std::string& directory);
void for_each_result(const std::string& directory, const std::function<void(std::string_view line)>& take);
void for_each_line(const std::string& file, const std::function<void(std::string_view line)>& take);

}  // namespace danewatch

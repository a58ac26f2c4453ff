#include "store/segments/survey_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "resolver/text_file.hpp"
#include "store/segments/packed_lines.hpp"
#include "store/segments/segment_writer.hpp"

namespace danewatch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view plan_name = "plan";
constexpr std::string_view names_folder = "names";
constexpr std::string_view part_ending = ".part";
constexpr std::size_t longest_line = std::size_t{64} << 20;  // of a result

[[noreturn]] void fail(const std::string& path, std::string_view why) {
  throw std::runtime_error(fmt::format("{}: {}", path, why));
}

std::string bucket_file(const std::string& directory, std::size_t bucket) {
  return fmt::format("{}/{}/{:03}", directory, names_folder, bucket);
}

std::optional<SurveyPlan> plan_in(const std::string& directory) {
  const std::string path = fmt::format("{}/{}", directory, plan_name);
  std::error_code error;
  if (!fs::exists(path, error)) return std::nullopt;
  const auto text = read_text_file(path);
  if (!text) fail(path, text.error().message);
  auto plan = parse_survey_plan(*text);
  if (!plan) fail(path, plan.error().message);
  return std::move(*plan);
}

// A directory of something else is left as it is.
void refuse_strangers(const std::string& path) {
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename();
    if (name != "lock" && name != names_folder && name != std::string(plan_name) + std::string(part_ending))
      fail(path, "is not the directory of a survey, and not empty");
  }
}

std::vector<std::string> names_of_files(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

}  // namespace

SurveyDirectory::SurveyDirectory(std::string path) : path_(std::move(path)) {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) fail(path_, error.message());
  if (!plan()) refuse_strangers(path_);
  lock_ = ::open((path_ + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) fail(path_, std::strerror(errno));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    fail(path_, "another danewatch is writing there");
  }
  for (const std::string& name : names_of_files(path_)) {
    if (name.ends_with(part_ending)) fs::remove(path_ + "/" + name, error);
  }
}

SurveyDirectory::~SurveyDirectory() {
  ::close(lock_);
}

std::optional<SurveyPlan> SurveyDirectory::plan() const {
  return plan_in(path_);
}

void SurveyDirectory::put_aside(std::size_t bucket, std::string_view line) {
  if (buckets_.empty()) {
    fs::create_directories(fmt::format("{}/{}", path_, names_folder));
    for (std::size_t i = 0; i < bucket_count; ++i)
      buckets_.push_back(std::make_unique<std::ofstream>(bucket_file(path_, i), std::ios::binary | std::ios::trunc));
  }
  *buckets_[bucket] << line << '\n';
  if (!*buckets_[bucket]) fail(bucket_file(path_, bucket), std::strerror(errno));
}

void SurveyDirectory::begin(const SurveyPlan& plan) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    buckets_[i]->close();
    if (!*buckets_[i]) fail(bucket_file(path_, i), std::strerror(errno));
    const int fd = ::open(bucket_file(path_, i).c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0) ::close(fd);
    if (!flushed) fail(bucket_file(path_, i), std::strerror(errno));
  }
  buckets_.clear();
  write_whole_file(path_, std::string(plan_name), to_text(plan));
}

std::vector<std::string> SurveyDirectory::names_in(const Segment& segment) const {
  std::vector<std::string> names;
  for (std::size_t bucket = segment.first; bucket < segment.last; ++bucket)
    for_each_line(bucket_file(path_, bucket), [&](std::string_view line) { names.emplace_back(line); });
  return names;
}

void SurveyDirectory::forget_names() {
  std::error_code error;
  fs::remove_all(fmt::format("{}/{}", path_, names_folder), error);
}

std::vector<std::string> SurveyDirectory::files() const {
  return names_of_files(path_);
}

std::vector<std::string> files_of_survey(const std::string& directory) {
  return names_of_files(directory);
}

SurveyPlan read_survey_plan(const std::string& directory) {
  auto plan = plan_in(directory);
  if (!plan) fail(directory, "holds no survey");
  return std::move(*plan);
}

void for_each_result(const std::string& directory, const std::function<void(std::string_view line)>& take) {
  for (const std::string& name : names_of_files(directory)) {
    if (parse_file_name(name)) for_each_line(directory + "/" + name, take);
  }
}

void for_each_line(const std::string& file, const std::function<void(std::string_view line)>& take) {
  PackedLines reader(file);
  for (std::string line; reader.next(line, longest_line);) take(line);
}

}  // namespace danewatch

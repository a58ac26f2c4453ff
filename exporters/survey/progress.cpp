#include "exporters/survey/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch {

std::string in_words(std::chrono::seconds time) {
  const auto seconds = time.count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", (seconds + 30) / 60);
  if (seconds < 48 * 3600) return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
  return fmt::format("{} days", (seconds + 43200) / 86400);
}

std::string progress_line(const SurveyProgress& progress) {
  const std::string_view away =
      progress.network_is_away ? "no server out there answers: waiting for this machine's network; " : "";
  const double seconds = std::chrono::duration<double>(progress.running).count();
  const double rate = seconds > 0 ? static_cast<double>(progress.here) / seconds : 0;
  std::string line = fmt::format("{}{} of {} names, {:.0f} a second, {} in flight", away, progress.done, progress.total,
                                 rate, progress.in_flight);
  const std::uint64_t left = progress.total - std::min(progress.done, progress.total);
  if (rate > 0 && left > 0) {
    const auto time = std::chrono::seconds(static_cast<std::int64_t>(static_cast<double>(left) / rate));
    line += fmt::format(", {} left", in_words(time));
  }
  if (progress.to_try_again > 0) line += fmt::format(", {} to be asked again", progress.to_try_again);
  if (progress.slowed_to) line += fmt::format("; this machine was late: {} at a time", *progress.slowed_to);
  return line;
}

}  // namespace danewatch

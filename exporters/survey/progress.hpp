// How far a survey is, in one line.
//
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace danewatch {

struct SurveyProgress {
  std::uint64_t done = 0;   // of all runs
  std::uint64_t here = 0;   // of those, in this run
  std::uint64_t total = 0;  // names, at most: repetitions are found when their turn comes
  std::size_t in_flight = 0;
  std::size_t to_try_again = 0;          // we were late, or without a network
  std::optional<std::size_t> slowed_to;  // names at a time: this machine was late
  bool network_is_away = false;
  std::chrono::milliseconds running{0};
};

// "1200 of 30000 names, 240 a second, 256 in flight, 2 min left"; what is wrong with this machine comes first.
std::string progress_line(const SurveyProgress& progress);

std::string in_words(std::chrono::seconds time);  // "3 h 20 min"

}  // namespace danewatch

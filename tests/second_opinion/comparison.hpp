// The whole comparison: makes the hosts, runs the programs, reads the list, and prints what is wrong.
//
// Thread rule: call once, before any thread starts.
#pragma once

#include <filesystem>

namespace danewatch::second_opinion {

inline constexpr unsigned usual_seed = 20260701;

struct Wanted {
  unsigned seed = usual_seed;
  std::filesystem::path evidence;  // a folder for that of each listed difference; empty: none is kept
};

// True where every difference is listed and, with the usual seed, every listed one occurs. Throws lab::Forbidden and
// std::runtime_error.
bool compare(const std::filesystem::path& danewatch, const std::filesystem::path& list, const Wanted& wanted);

}  // namespace danewatch::second_opinion

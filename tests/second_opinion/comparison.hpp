// The whole comparison: makes the hosts, runs the programs, reads the list, and prints what is wrong.
//
// Thread rule: call once, before any thread starts.
#pragma once

#include <filesystem>

namespace danewatch::second_opinion {

inline constexpr unsigned usual_seed = 20260701;

// True where every difference is listed and, with the usual seed, every listed one occurs. Throws lab::Forbidden and
// std::runtime_error.
bool compare(const std::filesystem::path& danewatch, const std::filesystem::path& list, unsigned seed);

}  // namespace danewatch::second_opinion

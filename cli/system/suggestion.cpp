#include "cli/system/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace danewatch {
namespace {

// Edit distance with neighbours exchanged counted once.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::vector<std::size_t>> cost(left.size() + 1, std::vector<std::size_t>(right.size() + 1));
  for (std::size_t i = 0; i <= left.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= right.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t same = left[i - 1] == right[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + same});
      const bool exchanged = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (exchanged) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[left.size()][right.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> words) {
  constexpr std::size_t shortest = 3, longest = 40;
  if (word.size() < shortest || word.size() > longest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3);
  for (const std::string_view candidate : words) {
    const std::size_t away = distance(word, candidate);
    if (away > least || (!best.empty() && away == least)) continue;
    least = away;
    best = candidate;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> words) {
  const std::string_view best = nearest(word, words);
  return best.empty() ? "" : fmt::format(" (did you mean {}?)", best);
}

}  // namespace danewatch

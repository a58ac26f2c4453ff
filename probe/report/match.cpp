#include "probe/report/match.hpp"

namespace danewatch {

MatchResult not_judged(std::vector<std::optional<std::string>> unusable, Conclusion why) {
  MatchResult result;
  result.conclusion = why;
  for (const auto& reason : unusable) result.cells.push_back(reason ? Cell::unusable : Cell::unobserved);
  result.unusable = std::move(unusable);
  return result;
}

}  // namespace danewatch

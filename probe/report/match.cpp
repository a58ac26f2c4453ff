#include "probe/report/match.hpp"

#include <algorithm>

namespace danewatch {

bool answers(const MatchResult& result, const MatchQuestion& question) {
  const auto in = [](std::size_t size) { return [size](std::size_t index) { return index < size; }; };
  const auto of_records = in(question.records.size());
  const auto is_there = [&](const std::optional<MatchedRecord>& matched) {
    return !matched || of_records(matched->record);
  };
  return result.cells.size() == question.records.size() && is_there(result.match) && is_there(result.nearest) &&
         std::ranges::all_of(result.shadowed_by, of_records) && std::ranges::all_of(result.incomplete, of_records) &&
         std::ranges::all_of(result.explanations, of_records, &Explanation::record) &&
         std::ranges::all_of(result.namesakes, in(question.chain.size()));
}

MatchResult not_judged(std::vector<std::optional<std::string>> unusable, Conclusion why) {
  MatchResult result;
  result.conclusion = why;
  for (const auto& reason : unusable) result.cells.push_back(reason ? Cell::unusable : Cell::unobserved);
  result.unusable = std::move(unusable);
  return result;
}

}  // namespace danewatch

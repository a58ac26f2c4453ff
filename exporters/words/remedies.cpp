#include "exporters/words/remedies.hpp"

#include <algorithm>

namespace danewatch::words {

std::vector<NumberedRemedy> numbered_remedies(const Report& report) {
  std::vector<NumberedRemedy> all;
  for (const Finding& finding : report.findings) {
    for (const Remedy& remedy : finding.remedies) all.push_back({all.size() + 1, &finding, &remedy});
  }
  return all;
}

std::span<const Step> zone_steps(const Remedy& remedy) {
  const auto changes = [](const Step& step) {
    return (step.what == Step::Do::add || step.what == Step::Do::remove) && step.record && !step.record->owner.empty();
  };
  const auto end = std::ranges::find_if_not(remedy.steps, changes);
  return std::span(remedy.steps).first(static_cast<std::size_t>(end - remedy.steps.begin()));
}

std::string condition_clause(const Remedy& remedy) {
  const std::string condition = condition_words(remedy);
  if (condition.empty() || remedy.condition == Remedy::If::otherwise) return condition;
  return "if " + condition;
}

}  // namespace danewatch::words

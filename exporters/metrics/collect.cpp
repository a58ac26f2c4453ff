// Collecting samples within a budget.

#include <algorithm>

#include "exporters/metrics/parts.hpp"

namespace danewatch::metrics {

double seconds(SysTime time) {
  return static_cast<double>(time.time_since_epoch().count());
}

bool Collector::has_room(std::size_t samples) {
  if (used_ + samples <= budget_) return true;
  truncated_ = true;
  return false;
}

void Collector::add(std::string_view family, Labels labels, double value) {
  for (Label& label : labels) label.value = label_value(label.value);
  if (seen_.contains({family, labels}) || !has_room(1)) return;
  seen_.emplace(family, labels);
  samples_[family].push_back({std::move(labels), value});
  ++used_;
}

void Collector::add_time(std::string_view family, Labels labels, SysTime time) {
  add(family, std::move(labels), seconds(time));
}

void Collector::add_states(std::string_view family, const Labels& labels, std::string_view label,
                           std::span<const std::string_view> states, std::string_view holds) {
  if (!has_room(states.size())) return;
  for (const std::string_view state : states) {
    Labels all = labels;
    all.push_back({std::string(label), std::string(state)});
    add(family, std::move(all), state == holds ? 1 : 0);
  }
}

std::vector<Family> Collector::families() const {
  std::vector<Family> result;
  for (const MetricRow& row : report_metrics()) {
    const auto found = samples_.find(row.name);
    if (found != samples_.end()) result.push_back({row, found->second});
  }
  return result;
}

}  // namespace danewatch::metrics

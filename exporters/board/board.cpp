#include "exporters/board/board.hpp"

#include "exporters/metrics/prometheus_text.hpp"

namespace danewatch {
namespace {

void render(BoardEntry& entry) {
  entry.rendered.clear();
  if (!entry.history.latest) return;
  Labels labels{{"target", label_value(entry.name)}};
  labels.insert(labels.end(), entry.labels.begin(), entry.labels.end());
  MetricOptions options = entry.metrics;
  options.scheduled = true;
  options.last_success = entry.history.last_success;
  options.records = &entry.history.records;
  const auto rows = report_metrics();
  std::size_t row = 0;
  for (const Family& family : to_metrics(*entry.history.latest, options)) {
    while (rows[row].name != family.row.name) ++row;
    entry.rendered.emplace_back(static_cast<std::uint8_t>(row), prometheus_samples(family, labels));
  }
  entry.rendered.shrink_to_fit();
}

}  // namespace

void Board::configure(std::vector<BoardEntry> entries) {
  BoardView fresh;
  std::map<std::string, std::size_t, std::less<>> places;
  for (BoardEntry& entry : entries) {
    const auto old = find(entry.name);
    if (old && old->target == entry.target && old->module == entry.module) {
      entry.history = old->history;
      render(entry);
    }
    places[entry.name] = fresh.size();
    fresh.push_back(std::make_shared<const BoardEntry>(std::move(entry)));
  }
  const std::lock_guard lock(mutex_);
  std::swap(entries_, fresh);
  places_.swap(places);
}

void Board::publish(std::string_view name, Report report) {
  publish(name, std::make_shared<const Report>(std::move(report)));
}

void Board::restore(std::string_view name, const History& before) {
  const auto old = find(name);
  if (!old) return;
  auto entry = std::make_shared<BoardEntry>(*old);
  entry->history = before;
  // Reports that came meanwhile are told once more, on top of it.
  if (old->history.latest) record(entry->history, old->history.latest, limits_);
  render(*entry);
  put(name, std::move(entry));
}

void Board::publish(std::string_view name, std::shared_ptr<const Report> report) {
  const auto old = find(name);
  if (!old) return;
  auto entry = std::make_shared<BoardEntry>(*old);
  record(entry->history, std::move(report), limits_);
  render(*entry);
  put(name, std::move(entry));
}

void Board::put(std::string_view name, std::shared_ptr<const BoardEntry> entry) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(name);
  if (place != places_.end()) entries_.set(place->second, std::move(entry));
}

BoardView Board::view() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

BoardEntryPtr Board::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(name);
  return place == places_.end() ? nullptr : entries_[place->second];
}

}  // namespace danewatch

#include "probe/life/day_verdict.hpp"

namespace danewatch {
namespace {

class Worst {
 public:
  void add(const SeenVerdict& seen) {
    if (!worst_ || is_worse(seen.severity, worst_->severity)) worst_ = seen;
  }

  const std::optional<SeenVerdict>& get() const { return worst_; }

 private:
  std::optional<SeenVerdict> worst_;
};

}  // namespace

std::optional<SeenVerdict> worst_on(std::chrono::sys_days day, const History& history, const Life* life) {
  const SysTime begin = day;
  const SysTime end = day + std::chrono::days{1};
  Worst worst;
  for (const HistoryEntry& run : history.entries) {
    if (run.at >= begin && run.at < end) worst.add({run.conclusion, run.severity});
  }
  if (life == nullptr) return worst.get();
  for (const auto* intervals : {&life->past, &life->open}) {
    for (const Interval& each : *intervals) {
      const bool then = each.first_seen < end && last_seen(*life, each) >= begin;
      if (each.thing.place.kind != Kind::verdict || !then) continue;
      if (const auto seen = verdict_seen(each.thing.name)) worst.add(*seen);
    }
  }
  return worst.get();
}

}  // namespace danewatch

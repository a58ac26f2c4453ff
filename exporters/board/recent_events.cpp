#include "exporters/board/recent_events.hpp"

namespace danewatch {

void RecentEvents::set(const std::vector<KeptEvent>& events) {
  const std::lock_guard lock(mutex_);
  events_.assign(events.begin(), events.end());
}

void RecentEvents::add(const std::string& target, const std::vector<Event>& events) {
  const std::lock_guard lock(mutex_);
  for (const Event& each : events) events_.push_back({target, each});
  while (events_.size() > most) events_.pop_front();
}

std::vector<KeptEvent> RecentEvents::find(SysTime since, const std::optional<std::string>& target) const {
  std::vector<KeptEvent> found;
  const std::lock_guard lock(mutex_);
  for (const KeptEvent& each : events_) {
    if (each.event.at >= since && (!target || each.target == *target)) found.push_back(each);
  }
  return found;
}

}  // namespace danewatch

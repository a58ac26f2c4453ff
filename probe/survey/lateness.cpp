#include "probe/survey/lateness.hpp"

#include <algorithm>
#include <utility>

namespace danewatch {
namespace {

constexpr std::size_t most_stalls = 256;

std::chrono::milliseconds between(Lateness::Moment due, Lateness::Moment now) {
  return std::max(std::chrono::milliseconds{0}, std::chrono::duration_cast<std::chrono::milliseconds>(now - due));
}

}  // namespace

void Lateness::expect(Moment due) {
  due_ = due;
}

void Lateness::beat(Moment now) {
  if (!due_) return;
  const Moment due = *due_;
  const auto lag = between(due, now);
  due_.reset();
  worst_ = std::max(worst_, lag);
  if (lag < late_from) return;
  if (!stalls_.empty() && due <= stalls_.back().until) {
    stalls_.back().until = now + calm_after;
    return;
  }
  stalls_.push_back({due, now + calm_after});
  if (stalls_.size() <= most_stalls) return;
  stalls_[1].from = stalls_[0].from;
  stalls_.pop_front();
}

bool Lateness::late_between(Moment from, Moment now) const {
  if (due_ && between(*due_, now) >= late_from) return true;
  return std::ranges::any_of(stalls_, [&](const Stall& stall) { return stall.from <= now && from <= stall.until; });
}

std::chrono::milliseconds Lateness::take_worst(Moment now) {
  const auto worst = std::max(std::exchange(worst_, {}), due_ ? between(*due_, now) : std::chrono::milliseconds{0});
  return worst;
}

}  // namespace danewatch

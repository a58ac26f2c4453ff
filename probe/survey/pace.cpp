#include "probe/survey/pace.hpp"

#include <algorithm>

namespace danewatch {
namespace {

// Below the lateness at which answers are doubted: who takes on less in time need not doubt.
constexpr std::chrono::milliseconds too_much_from{100};
constexpr std::chrono::milliseconds enough_from{50};
constexpr int patience_with_ourselves = 8;  // pauses

}  // namespace

Pace first_pace(std::size_t most) {
  return {std::clamp<std::size_t>(Pace{}.names, 1, std::max<std::size_t>(most, 1)), true};
}

Pace next_pace(Pace pace, const PaceFacts& facts) {
  const std::size_t most = std::max<std::size_t>(facts.most, 1);
  if (facts.worst_lag >= too_much_from) return {std::max<std::size_t>(pace.names / 2, 1), false};
  const bool is_used = facts.in_use * 4 >= pace.names * 3;
  if (facts.worst_lag >= enough_from || !is_used) return pace;
  const std::size_t step = pace.doubling ? pace.names : std::max<std::size_t>(pace.names / 8, 1);
  return {std::min(pace.names + step, most), pace.doubling};
}

std::chrono::seconds pause_before_try(int tries_made) {
  return std::chrono::seconds(2) * (1 << (2 * std::clamp(tries_made - 1, 0, 2)));  // 2, 8, 32
}

bool may_try_again(std::chrono::steady_clock::duration waited, int tries_made, bool calm) {
  const auto pause = pause_before_try(tries_made);
  return waited >= pause && (calm || waited >= pause * patience_with_ourselves);
}

}  // namespace danewatch

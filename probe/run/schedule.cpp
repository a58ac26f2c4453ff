#include "probe/run/schedule.hpp"

#include <cstdint>

namespace danewatch {
namespace {

// FNV-1a with a final mix (MurmurHash3's), because names that differ in their last letter alone must not lie together.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char c : text) {
    value ^= static_cast<unsigned char>(c);
    value *= 0x100000001b3U;
  }
  value ^= value >> 33U;
  value *= 0xff51afd7ed558ccdU;
  value ^= value >> 33U;
  return value;
}

}  // namespace

std::chrono::milliseconds phase_of(std::string_view name, std::chrono::milliseconds interval) {
  if (interval.count() <= 0) return std::chrono::milliseconds{0};
  return std::chrono::milliseconds{
      static_cast<std::int64_t>(hash(name) % static_cast<std::uint64_t>(interval.count()))};
}

Deadline next_turn(Deadline now, Deadline epoch, std::chrono::milliseconds interval, std::chrono::milliseconds phase) {
  const Deadline::duration period = interval;
  Deadline::duration since = (now - epoch - phase) % period;
  if (since < Deadline::duration::zero()) since += period;
  return now + (period - since);
}

}  // namespace danewatch

#include "cli/serve/deadline.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace danewatch {

std::chrono::milliseconds probe_time(std::string_view header, std::chrono::milliseconds module_timeout) {
  constexpr double longest = 86400;
  constexpr double reserve = 0.5;  // for judging, rendering and the way back
  double seconds = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  const bool usable =
      error == std::errc{} && end == header.data() + header.size() && std::isfinite(seconds) && seconds > 0;
  if (!usable) return module_timeout;
  const double given = std::min(seconds, longest);
  const std::chrono::milliseconds time{static_cast<std::int64_t>(std::max(given - reserve, given / 2) * 1000)};
  return std::min(std::max(time, std::chrono::milliseconds{1}), module_timeout);
}

}  // namespace danewatch

// Inner: the parts of a page: escaped text, and bars drawn as SVG.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probe/survey/tally.hpp"

namespace danewatch::survey_page {

using Bars = std::vector<std::pair<std::string, std::uint64_t>>;

std::string html(std::string_view text);

Bars largest_first(const Counts& counts, std::size_t most);

// A heading, a chart that also reads as text, and the same numbers as a table for who cannot see it. Empty bars: "".
std::string section(std::string_view title, std::string_view of_what, const Bars& bars, std::uint64_t whole);

}  // namespace danewatch::survey_page

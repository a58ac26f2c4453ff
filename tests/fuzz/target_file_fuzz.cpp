// Files of targets.
#include "cli/options/target_file.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const std::string_view text = fuzz::as_text(input);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  const TargetFile file = parse_target_file(text, {});
  fuzz::require(file.bad_lines.size() <= lines, "a line is bad once");
  std::size_t previous = 0;
  for (const BadLine& line : file.bad_lines) {
    fuzz::require(line.number > previous && line.number <= lines, "bad lines are told in order, by their number");
    fuzz::require(!line.text.empty() && line.text.size() <= 300, "what is quoted is bounded");
    previous = line.number;
  }
}

#include "tests/second_opinion/listed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace danewatch::second_opinion {
namespace {

constexpr std::size_t columns = 6;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" `");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" `") - first + 1);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

bool explains(const Listed& row, const std::string& program, const Case& subject, const Opinion& ours,
              const Opinion& theirs) {
  return row.program == program && row.ours == ours.verdict && row.theirs == theirs.verdict &&
         has_trait(subject, row.trait);
}

}  // namespace

std::vector<Listed> parse_list(std::string_view markdown) {
  std::vector<Listed> list;
  std::istringstream lines{std::string(markdown)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const auto cells = cells_of(line);
    const bool whole = cells.size() == columns && std::ranges::none_of(cells, &std::string::empty);
    if (!whole) throw std::runtime_error(fmt::format("a row of the list needs {} cells: {}", columns, line));
    has_trait(Case{}, cells[1]);  // throws for a trait that is none
    list.push_back({cells[0], cells[1], cells[2], cells[3], 0, {}});
  }
  return list;
}

std::vector<std::string> unlisted(const std::string& program, const std::vector<Case>& cases, const Opinions& ours,
                                  const Opinions& theirs, std::vector<Listed>& list) {
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (ours[i].verdict == theirs[i].verdict) continue;
    const auto row = std::ranges::find_if(
        list, [&](const Listed& listed) { return explains(listed, program, cases[i], ours[i], theirs[i]); });
    if (row != list.end()) {
      if (row->seen++ == 0) row->first_host = cases[i].host;
      continue;
    }
    sentences.push_back(fmt::format("{}\n  danewatch: {}\n  {}: {} ({})", describe(cases[i]), ours[i].words, program,
                                    theirs[i].verdict, theirs[i].words));
  }
  return sentences;
}

std::vector<std::string> outdated(const std::vector<Listed>& list) {
  std::vector<std::string> sentences;
  for (const auto& row : list) {
    if (row.seen > 0) continue;
    sentences.push_back(fmt::format("listed, but it no longer occurs: {}, {}: danewatch {}, it {}", row.program,
                                    row.trait, row.ours, row.theirs));
  }
  return sentences;
}

}  // namespace danewatch::second_opinion

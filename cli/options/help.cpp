#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>

#include "cli/options/values.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

constexpr std::size_t columns = 80;

// Lines of at most `width` octets, broken at blanks.
std::string wrapped(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(' ', begin), text.size());
    const std::size_t size = end - begin;
    if (line > 0) {
      const bool fits = line + 1 + size <= width;
      result += fits ? ' ' : '\n';
      line = fits ? line + 1 : 0;
    }
    result.append(text, begin, size);
    line += size;
    begin = end + 1;
  }
  return result;
}

class Narrow : public CLI::Formatter {
 public:
  Narrow() { column_width(24); }

  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(CLI::Formatter::make_option_desc(option), columns - get_column_width());
  }
};

}  // namespace

std::string printable(const std::string& word) {
  constexpr std::size_t longest = 100;
  std::string shown = escape_for_terminal(word.substr(0, longest));
  if (word.size() > longest) shown += "...";
  return shown.empty() ? "\"\"" : shown;
}

void set_help_style(CLI::App& app) {
  app.formatter(std::make_shared<Narrow>());
}

std::string sentence_of(const CLI::App& app, const CLI::ParseError& error) {
  const auto extra = app.remaining(true);  // CLI11 lists them last one first
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError) || extra.empty())
    return printable(error.what());
  std::vector<std::string> words;
  std::ranges::transform(extra, std::back_inserter(words), printable);
  return fmt::format("not expected: {}", fmt::join(words, " "));
}

}  // namespace danewatch

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/options/values.hpp"
#include "cli/system/suggestion.hpp"
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

// What differs from version to version of CLI11 is written here.
class Narrow : public CLI::Formatter {
 public:
  Narrow() { column_width(24); }

  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
    const std::string footer = app->get_footer();
    return make_description(app) + make_usage(app, std::move(name)) + make_positionals(app) + make_groups(app, mode) +
           make_subcommands(app, mode) + "\n" + footer + (footer.empty() ? "" : "\n");
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text;
    const bool takes_value = option->get_type_size() != 0;
    if (takes_value && !option->get_type_name().empty()) text += " " + option->get_type_name();
    if (takes_value && !option->get_default_str().empty()) text += "=" + option->get_default_str();
    if (takes_value && option->get_expected_max() == CLI::detail::expected_max_vector_size) text += " ...";
    if (takes_value && option->get_required()) text += " REQUIRED";
    if (!option->get_envname().empty()) text += " (Env:" + option->get_envname() + ")";
    return text;
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(CLI::Formatter::make_option_desc(option), columns - get_column_width());
  }
};

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    for (const auto& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

const CLI::App& innermost(const CLI::App& app) {
  const auto used = app.get_subcommands();
  return used.empty() ? app : innermost(*used.front());
}

// The first command that has this option, where none was given before it.
std::string owner_of(const CLI::App& app, const std::string& option) {
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const auto names = option_names(*command);
    if (std::ranges::count(names, option) > 0) return command->get_name();
  }
  return "";
}

std::string unexpected(const CLI::App& app, const std::string& word) {
  if (!word.starts_with('-') || word == "-") return fmt::format("unexpected argument {}", printable(word));
  const std::string option = word.substr(0, word.find('='));
  const CLI::App& used = innermost(app);
  const auto names = option_names(used);
  const bool known_here = std::ranges::count(names, option) > 0;  // so it stood before the command
  const std::string owner = &used == &app ? owner_of(app, option) : known_here ? used.get_name() : "";
  if (!owner.empty()) return fmt::format("{} goes behind its command: danewatch {} {}", option, owner, option);
  const std::vector<std::string_view> known(names.begin(), names.end());
  return fmt::format("unknown option {}{}", printable(option), suggestion(option, known));
}

// CLI11 says what is wrong in the words of a programmer.
std::string in_our_words(const std::string& what) {
  const auto colon = what.find(": ");
  const std::string option = what.substr(0, colon == std::string::npos ? 0 : colon);
  const std::string_view rest = std::string_view(what).substr(option.empty() ? 0 : colon + 2);
  if (rest.find("required but received 0") != std::string_view::npos || rest.ends_with(" missing")) {
    return fmt::format("{} needs a value", printable(option));
  }
  if (rest.find("required but received") != std::string_view::npos) {
    return fmt::format("{} is given more than once", printable(option));
  }
  return printable(what);
}

}  // namespace

std::string printable(const std::string& word) {
  constexpr std::size_t longest = 100;
  std::string shown = escape_for_terminal(word.substr(0, longest));
  if (word.size() > longest) shown += "...";
  const bool unclear = shown.empty() || shown.ends_with(':') || shown.ends_with(' ') || shown.starts_with(' ');
  return unclear ? "\"" + shown + "\"" : shown;
}

void set_help_style(CLI::App& app) {
  app.formatter(std::make_shared<Narrow>());
}

std::string sentence_of(const CLI::App& app, const CLI::ParseError& error) {
  const auto extra = app.remaining(true);
  const bool extras = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) && !extra.empty();
  return extras ? unexpected(app, extra.front()) : in_our_words(error.what());
}

CLI::Validator whole_number(long least, long most) {
  const auto check = [least, most](const std::string& word) -> std::string {
    long value = 0;
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool good = wrong == std::errc{} && end == word.data() + word.size() && value >= least && value <= most;
    return good ? "" : fmt::format("{} is not a whole number from {} to {}", printable(word), least, most);
  };
  return CLI::Validator(check, fmt::format("{} to {}", least, most));
}

}  // namespace danewatch

#include "cli/config/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include "cli/options/options.hpp"
#include "cli/options/parse_values.hpp"
#include "cli/system/suggestion.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  return escape_for_terminal(text.substr(0, longest)) + (text.size() > longest ? "..." : "");
}

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? shown(key) : path + "." + shown(key);
}

std::string_view kind_of(const YAML::Node& node) {
  if (node.IsNull()) return "nothing";
  if (node.IsSequence()) return "a list";
  return node.IsMap() ? "a map" : "a single value";
}

// yaml-cpp marks values in quotes with the tag "!".
bool is_quoted(const YAML::Node& node) {
  return node.Tag() == "!";
}

}  // namespace

void ConfigReader::fail(const YAML::Mark& mark, const std::string& path, const std::string& message) {
  const int line = mark.line + 1;
  const int column = mark.column + 1;
  const std::string where = path.empty() ? "" : path + ": ";
  errors_.push_back({line, column, fmt::format("{}:{}:{}: {}{}", shown(file_), line, column, where, message)});
}

void ConfigReader::fail_word(const Place& place, const std::string& what, std::span<const std::string_view> words) {
  const std::string given = place.node.Scalar();
  fail(place, fmt::format("{}: {}{}", shown(given), what, suggestion(given, words)));
}

ConfigErrors ConfigReader::errors() const {
  std::vector<Error> sorted = errors_;
  std::ranges::stable_sort(sorted, {}, [](const Error& error) { return std::tuple(error.line, error.column); });
  ConfigErrors texts;
  for (Error& error : sorted) texts.push_back(std::move(error.text));
  return texts;
}

YAML::Mark ConfigReader::begin() {
  YAML::Mark mark;
  mark.line = mark.column = 0;
  return mark;
}

ConfigErrors ConfigReader::document(std::string_view text, const std::function<void(const YAML::Node&)>& read) {
  try {
    read(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    fail(error.mark.is_null() ? begin() : error.mark, "", "invalid YAML: " + escape_for_terminal(error.msg));
  }
  return errors();
}

std::optional<std::string> ConfigReader::key_of(const YAML::Node& key, const std::string& path) {
  if (key.IsScalar()) return key.Scalar();
  fail(key.Mark(), path, "a key must be a single value");
  return std::nullopt;
}

void ConfigReader::any_map(const Place& place, const std::function<void(const std::string&, const Place&)>& read) {
  if (!place.node.IsMap()) {
    fail(place, fmt::format("must be a map of keys and values, not {}", kind_of(place.node)));
    return;
  }
  std::set<std::string> seen;
  for (const auto& entry : place.node) {
    const auto key = key_of(entry.first, place.path);
    if (!key) continue;
    const std::string path = joined(place.path, *key);
    if (!seen.insert(*key).second) {
      fail(entry.first.Mark(), path, "is listed twice");
      continue;
    }
    read(*key, Place{entry.second, path});
  }
}

void ConfigReader::map(const Place& place, std::span<const std::string_view> known,
                       const std::function<void(const std::string&, const Place&)>& read) {
  std::set<std::string> unknown;
  if (place.node.IsMap()) {
    for (const auto& entry : place.node) {
      if (!entry.first.IsScalar() || std::ranges::count(known, entry.first.Scalar()) != 0) continue;
      if (!unknown.insert(entry.first.Scalar()).second) continue;
      fail(entry.first.Mark(), joined(place.path, entry.first.Scalar()),
           "unknown key" + suggestion(entry.first.Scalar(), known));
    }
  }
  any_map(place, [&](const std::string& key, const Place& value) {
    if (!unknown.contains(key)) read(key, value);
  });
}

void ConfigReader::list(const Place& place, const std::function<void(const Place&)>& read) {
  if (!place.node.IsSequence()) {
    fail(place, fmt::format("must be a list, not {}", kind_of(place.node)));
    return;
  }
  std::size_t index = 0;
  for (const auto& node : place.node) read(Place{node, fmt::format("{}[{}]", place.path, index++)});
}

bool ConfigReader::is_scalar(const Place& place, const std::string& wanted) {
  if (place.node.IsScalar()) return true;
  fail(place, fmt::format("must be {}, not {}", wanted, kind_of(place.node)));
  return false;
}

std::optional<std::string> ConfigReader::text(const Place& place) {
  if (!is_scalar(place, "a text")) return std::nullopt;
  if (!place.node.Scalar().empty()) return place.node.Scalar();
  fail(place, "must not be empty");
  return std::nullopt;
}

std::optional<std::size_t> ConfigReader::integer(const Place& place, std::size_t least, std::size_t most) {
  if (!is_scalar(place, "a number")) return std::nullopt;
  const std::string& digits = place.node.Scalar();
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size() && !is_quoted(place.node);
  if (!whole) {
    fail(place, fmt::format("{}: is not a whole number", shown(digits)));
  } else if (digits.size() > 1 && digits.front() == '0') {
    fail(place, fmt::format("{}: looks like an octal number; write {}", shown(digits), value));
  } else if (value < least || value > most) {
    fail(place, fmt::format("{}: must be {} to {}", shown(digits), least, most));
  } else {
    return value;
  }
  return std::nullopt;
}

std::optional<bool> ConfigReader::boolean(const Place& place) {
  if (!is_scalar(place, "true or false")) return std::nullopt;
  const std::string& given = place.node.Scalar();
  if (!is_quoted(place.node) && (given == "true" || given == "false")) return given == "true";
  fail(place, fmt::format("{}: must be true or false", shown(given)));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> ConfigReader::duration(const Place& place, std::chrono::milliseconds least,
                                                                std::chrono::milliseconds most) {
  if (!is_scalar(place, "a duration")) return std::nullopt;
  const std::string& given = place.node.Scalar();
  const bool bare = given.find_first_not_of("0123456789") == std::string::npos;
  const auto value = parse_duration(given);
  const bool octal = given.size() > 1 && given[0] == '0' && given[1] >= '0' && given[1] <= '9';
  if (bare || !value) {
    fail(place, fmt::format("{}: is not a duration (e.g. 500ms, 5s, 1m30s)", shown(given)));
  } else if (octal) {
    fail(place, fmt::format("{}: looks like an octal number", shown(given)));
  } else if (*value < least || *value > most) {
    fail(place, fmt::format("{}: must be {}ms to {}s", shown(given), least.count(), most.count() / 1000));
  } else {
    return *value;
  }
  return std::nullopt;
}

std::optional<std::string> ConfigReader::word(const Place& place, std::span<const std::string_view> words) {
  if (!is_scalar(place, "a word")) return std::nullopt;
  if (std::ranges::count(words, place.node.Scalar()) != 0) return place.node.Scalar();
  fail_word(place, fmt::format("must be one of {}", fmt::join(words, ", ")), words);
  return std::nullopt;
}

}  // namespace danewatch

#include "cli/options/next.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/options/operator_words.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"

namespace danewatch {
namespace {

NextKey taken(const std::string& word, Parsed<DeclaredNext> parsed) {
  auto next = need("--next", word, std::move(parsed));
  if (!next.remark.empty()) write_error(fmt::format("--next {}: {}", printable(word), next.remark));
  return std::move(next.key);
}

NextKey next_key(const std::string& word) {
  std::error_code ignored;
  const bool is_file = std::filesystem::exists(word, ignored);
  if (!is_file && word.find_first_of(" \t\n") != std::string::npos) {
    return need("--next", word, next_from_record(word));
  }
  return taken(word, next_from_file(word, read_file("--next", word)));
}

}  // namespace

Parsed<DeclaredNext> next_from_path(const std::string& path) {
  try {
    return next_from_file(path, read_file("", path));
  } catch (const UsageError& error) {
    const std::string why = error.what();
    return tl::unexpected(ParseError{why.substr(why.find_first_not_of(' ')), 0});
  }
}

std::vector<NextKey> next_keys(const std::vector<std::string>& words) {
  std::vector<NextKey> all;
  std::ranges::transform(words, std::back_inserter(all), next_key);
  return all;
}

}  // namespace danewatch

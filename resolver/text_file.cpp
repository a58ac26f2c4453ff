#include "resolver/text_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "resolver/handle.hpp"

namespace danewatch {
namespace {

tl::unexpected<ParseError> system_problem(int error) {
  return tl::unexpected(ParseError{fmt::format("cannot be read: {}", std::generic_category().message(error))});
}

}  // namespace

Parsed<std::string> read_text_file(const std::string& path) {
  const Handle<std::FILE, std::fclose> file(std::fopen(path.c_str(), "re"));
  if (!file) return system_problem(errno);
  std::string text;
  std::array<char, 4096> piece{};
  while (const auto got = std::fread(piece.data(), 1, piece.size(), file.get())) {
    text.append(piece.data(), got);
    if (text.size() > text_file_limit) return tl::unexpected(ParseError{"is larger than 1 MiB", text_file_limit});
  }
  if (std::ferror(file.get())) return system_problem(errno);
  return text;
}

}  // namespace danewatch

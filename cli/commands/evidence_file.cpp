#include "cli/commands/evidence_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "exporters/words/escape.hpp"
#include "resolver/handle.hpp"
#include "store/bundle/bundle.hpp"

namespace danewatch {
namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw UsageError(fmt::format("{}: {}", escape_for_terminal(path), std::strerror(error)));
}

}  // namespace

EvidenceFile::EvidenceFile(std::string path) : path_(std::move(path)) {
  if (path_ == "-") content_ = read_file("judge", path_);
}

std::optional<ParseError> EvidenceFile::read(const std::function<void(std::string)>& each) const {
  Documents documents;
  const auto take = [&](std::string_view piece) {
    for (std::string& text : documents.take(piece)) each(std::move(text));
  };
  if (content_) {
    take(*content_);
    return documents.end();
  }
  const Handle<std::FILE, std::fclose> file(std::fopen(path_.c_str(), "re"));
  if (!file) fail(path_, errno);
  std::array<char, 65536> piece{};
  while (const auto got = std::fread(piece.data(), 1, piece.size(), file.get())) {
    take({piece.data(), got});
    if (documents.is_wrong()) break;
  }
  if (std::ferror(file.get())) fail(path_, errno);
  return documents.end();
}

}  // namespace danewatch

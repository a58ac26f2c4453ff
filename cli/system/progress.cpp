#include "cli/system/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string>

namespace danewatch {
namespace {

constexpr std::string_view erase_line = "\r\x1b[K";

}  // namespace

Progress::Progress(OutputWriter& writer, std::size_t total)
    : writer_(writer), total_(total), enabled_(total > 1 && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  clear();
}

void Progress::clear() {
  if (!visible_) return;
  writer_.err(std::string(erase_line));
  visible_ = false;
}

void Progress::show(std::size_t done, std::size_t not_ok) {
  if (!enabled_) return;
  writer_.err(fmt::format("{}{}/{} checked, {} not ok", erase_line, done, total_, not_ok));
  visible_ = true;
}

}  // namespace danewatch

#include "cli/options/target_file.hpp"

namespace danewatch {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

void take_line(std::string_view line, std::size_t number, const TargetOptions& options, TargetFile& file) {
  constexpr std::size_t longest_kept = 300;
  const auto text = trimmed(line.substr(0, line.find('#')));
  if (text.empty()) return;
  auto targets = parse_targets(text, options);
  if (targets) {
    file.targets.insert(file.targets.end(), targets->begin(), targets->end());
  } else {
    file.bad_lines.push_back({number, without_user_info(text).substr(0, longest_kept), targets.error()});
  }
}

}  // namespace

std::string without_user_info(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return std::string(text);
  const auto scheme = text.find("://");
  const auto keep = scheme < at ? scheme + 3 : 0;
  return std::string(text.substr(0, keep)) + "..." + std::string(text.substr(at));
}

TargetFile parse_target_file(std::string_view content, const TargetOptions& options) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
  TargetFile file;
  for (std::size_t number = 1; !content.empty(); ++number) {
    const auto end = content.find('\n');
    take_line(content.substr(0, end), number, options, file);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return file;
}

}  // namespace danewatch

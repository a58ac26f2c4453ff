#include "cli/options/target_file.hpp"

namespace danewatch {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

}  // namespace

void take_target(std::string_view text, std::size_t number, const TargetOptions& options, TargetFile& file) {
  constexpr std::size_t longest_kept = 300;
  auto targets = parse_targets(trimmed(text), options);
  if (targets) {
    file.targets.insert(file.targets.end(), targets->begin(), targets->end());
  } else {
    file.bad_lines.push_back({number, without_password(text).substr(0, longest_kept), targets.error()});
  }
}

std::string without_password(std::string_view text) {
  constexpr std::string_view mail = "mailto:";
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return std::string(text);
  const auto scheme = text.find("://");
  const auto begin = scheme < at ? scheme + 3 : text.starts_with(mail) ? mail.size() : 0;
  const auto colon = text.find(':', begin);
  if (colon >= at) return std::string(text);
  return std::string(text.substr(0, colon + 1)) + "..." + std::string(text.substr(at));
}

TargetFile parse_target_file(std::string_view content, const TargetOptions& options) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
  TargetFile file;
  for (std::size_t number = 1; !content.empty(); ++number) {
    const auto end = content.find('\n');
    const auto text = trimmed(content.substr(0, end).substr(0, content.substr(0, end).find('#')));
    if (!text.empty()) take_target(text, number, options, file);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return file;
}

}  // namespace danewatch

#include "probe/report/record_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace danewatch {
namespace {

constexpr std::size_t line_limit = 400;
constexpr std::size_t listed = 3;

// Both ends, because all keys of one kind begin alike.
std::string ends_of(const TlsaRecord& record) {
  const std::string hex = to_hex(record.data);
  return fmt::format("{} {}…{} ({} bytes)", numbers_of(record), hex.substr(0, 16), hex.substr(hex.size() - 16),
                     record.data.size());
}

}  // namespace

std::string capital(std::string words) {
  if (!words.empty() && words.front() >= 'a' && words.front() <= 'z')
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words;
}

std::string list(const std::vector<std::string>& items) {
  std::vector<std::string> once;
  for (const std::string& item : items) {
    if (std::ranges::find(once, item) == once.end()) once.push_back(item);
  }
  if (once.empty()) return "";
  if (once.size() == 1) return once.front();
  const std::size_t shown = once.size() <= listed ? once.size() - 1 : listed;
  const std::string last = shown + 1 == once.size() ? once.back() : fmt::format("{} more", once.size() - shown);
  return fmt::format("{} and {}", fmt::join(once.begin(), once.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     last);
}

std::string short_text(const TlsaRecord& record) {
  if (record.truncated) return to_text(record);
  if (record.data.empty()) return numbers_of(record);
  if (record.data.size() > 64) return ends_of(record);
  if (record.data.empty()) return numbers_of(record);
  return fmt::format("{} {}{}", numbers_of(record), start_of(record), is_short(record) ? "" : "…");
}

std::string full_line_of(const TlsaRecord& record) {
  return record.owner.empty() ? to_text(record) : to_zone_line(record);
}

std::string line_of(const TlsaRecord& record) {
  std::string line = full_line_of(record);
  if (line.size() <= line_limit || record.truncated) return line;
  return record.owner.empty() ? ends_of(record) : fmt::format("{}. IN TLSA {}", record.owner, ends_of(record));
}

}  // namespace danewatch

#include "probe/report/record_words.hpp"

#include <fmt/format.h>

namespace danewatch {
namespace {

constexpr std::size_t line_limit = 400;
constexpr std::size_t longest_digest = 64;

std::string ends_of(const TlsaRecord& record, const ShortForm& form) {
  const std::string hex = to_hex(record.data);
  const std::string end = form.far_end ? hex.substr(hex.size() - start_of(record).size()) : "";
  const std::string size = form.size ? fmt::format(" ({} bytes)", record.data.size()) : "";
  return fmt::format("{}{}{}{}", start_of(record), form.left_out, end, size);
}

}  // namespace

std::string capital(std::string words) {
  if (!words.empty() && words.front() >= 'a' && words.front() <= 'z')
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words;
}

std::string list(const std::vector<std::string>& items) {
  return list_of(items);
}

std::string short_data(const TlsaRecord& record, const ShortForm& form) {
  if (is_short(record)) return start_of(record);
  return record.data.size() > longest_digest ? ends_of(record, form)
                                             : fmt::format("{}{}", start_of(record), form.left_out);
}

std::string short_text(const TlsaRecord& record, const ShortForm& form) {
  if (record.truncated) return to_text(record);
  if (record.data.empty()) return numbers_of(record);
  return fmt::format("{} {}", numbers_of(record), short_data(record, form));
}

std::string full_line_of(const TlsaRecord& record) {
  return record.owner.empty() ? to_text(record) : to_zone_line(record);
}

std::string line_of(const TlsaRecord& record) {
  std::string line = full_line_of(record);
  if (line.size() <= line_limit || record.truncated) return line;
  const std::string short_one = fmt::format("{} {}", numbers_of(record), ends_of(record, {}));
  return record.owner.empty() ? short_one : fmt::format("{}. IN TLSA {}", record.owner, short_one);
}

}  // namespace danewatch

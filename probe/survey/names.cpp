#include "probe/survey/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "resolver/target/target.hpp"

namespace danewatch {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t longest_kept = 300;

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

// Most names of a long list are plain already, and need no library.
bool is_plain(std::string_view name) {
  if (name.empty() || name.size() > 253 || name.find("--") != std::string_view::npos) return false;
  std::size_t label = 0;
  std::size_t labels = 1;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (c == '.') {
      if (label == 0 || name[i - 1] == '-') return false;
      label = 0;
      ++labels;
      continue;
    }
    if (!alphanumeric && (c != '-' || label == 0)) return false;
    if (++label > 63) return false;
  }
  // What might be an address or have a number for a top-level domain is for the parser.
  const char last = name.back();
  return label > 0 && labels > 1 && last >= 'a' && last <= 'z';
}

std::size_t length_of_utf8(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = length_of_utf8(static_cast<unsigned char>(text[i]));
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

// Text that is no UTF-8 could not be told apart in the results: its octets are written out.
SurveyName bad(std::string_view text, ParseError error) {
  text = text.substr(0, longest_kept);
  if (is_utf8(text)) return {std::string(text), std::move(error)};
  std::string shown;
  for (const char c : text) {
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    shown += ascii ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return {std::move(shown), std::move(error)};
}

}  // namespace

std::optional<SurveyName> read_survey_name(std::string_view line) {
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  const std::string_view text = trimmed(line.substr(0, line.find('#')));
  if (text.empty()) return std::nullopt;
  if (is_plain(text)) return SurveyName{std::string(text), std::nullopt};
  const auto targets = parse_targets(text);
  if (!targets) return bad(text, targets.error());
  const Target& target = targets->front();
  const bool mail_domain = targets->size() == 1 && target.kind == TargetKind::mail_domain && !target.address;
  if (!mail_domain) return bad(text, {"a survey looks at mail domains, without a port or a protocol", 0});
  return SurveyName{target.name, std::nullopt};
}

// A mail domain holds no blank, so what begins with one is a bad line.
std::string kept_line(const SurveyName& name) {
  if (!name.error) return name.name;
  return fmt::format(" {}\t{}\t{}", name.error->position, name.error->message, name.name);
}

SurveyName from_kept_line(std::string_view line) {
  if (!line.starts_with(' ')) return {std::string(line), std::nullopt};
  line.remove_prefix(1);
  ParseError error;
  const auto first = std::min(line.find('\t'), line.size());
  std::from_chars(line.data(), line.data() + first, error.position);
  line.remove_prefix(std::min(first + 1, line.size()));
  const auto second = std::min(line.find('\t'), line.size());
  error.message = line.substr(0, second);
  line.remove_prefix(std::min(second + 1, line.size()));
  return {std::string(line), std::move(error)};
}

}  // namespace danewatch

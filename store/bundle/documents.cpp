#include <fmt/format.h>

#include "store/bundle/bundle.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_depth = 16;
constexpr std::size_t most_parts = 400000;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

// Why the next octet cannot be; empty: it can.
std::string Documents::refuse(char c) {
  if (depth_ == 0 && c != '{') return "this is not evidence: a JSON object begins with a brace";
  if (begun_.size() > most_bundle_octets) {
    return fmt::format("larger than the {} MiB that evidence may have", most_bundle_octets >> 20);
  }
  if (in_string_) return {};
  if (c == ',' || c == '{' || c == '[') ++parts_;
  if (parts_ > most_parts) return "more parts than evidence may have";
  const bool opens = c == '{' || c == '[';
  return opens && depth_ == most_depth ? "nested deeper than evidence is" : "";
}

std::vector<std::string> Documents::take(std::string_view octets) {
  std::vector<std::string> whole;
  for (const char c : octets) {
    if (wrong_) break;
    const std::size_t at = position_++;
    if (depth_ == 0 && is_space(c)) continue;
    if (std::string why = refuse(c); !why.empty()) {
      wrong_ = ParseError{std::move(why), at};
      break;
    }
    begun_ += c;
    if (in_string_) {
      in_string_ = escaped_ || c != '"';
      escaped_ = !escaped_ && c == '\\';
      continue;
    }
    in_string_ = c == '"';
    if (c == '{' || c == '[') ++depth_;
    if (c == '}' || c == ']') --depth_;
    if (depth_ > 0) continue;
    whole.push_back(std::move(begun_));
    begun_.clear();
    parts_ = 0;
  }
  return whole;
}

std::optional<ParseError> Documents::end() const {
  if (wrong_ || depth_ == 0) return wrong_;
  return ParseError{"it ends in the middle: the file was cut short", position_};
}

}  // namespace danewatch

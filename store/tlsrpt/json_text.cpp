#include "store/tlsrpt/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <nlohmann/json.hpp>
#include <optional>

namespace danewatch::tlsrpt {
namespace {

using Json = nlohmann::json;

constexpr std::string_view bom = "\xef\xbb\xbf";
constexpr std::string_view blanks = " \t\r\n";

std::size_t begin_of(std::string_view text) {
  const std::size_t begin = text.starts_with(bom) ? bom.size() : 0;
  return std::min(text.find_first_not_of(blanks, begin), text.size());
}

// Where the first value ends, by its brackets alone; within the limits, so that no parser is asked for more.
struct Extent {
  std::size_t end = 0;
  bool controls = false;  // control characters inside strings (RFC 8259 7 forbids them)
  std::optional<ParseError> error;
};

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  Extent run(std::size_t at) {
    for (; at < text_.size() && !extent_.error; ++at) {
      step(at);
      if (extent_.end > 0) return extent_;
    }
    if (!extent_.error) extent_.error = ParseError{"is JSON that ends in the middle", text_.size()};
    return extent_;
  }

 private:
  void step(std::size_t at) {
    const char c = text_[at];
    if (inside_) {
      extent_.controls = extent_.controls || static_cast<unsigned char>(c) < 0x20;
      inside_ = escaped_ || c != '"';
      escaped_ = !escaped_ && c == '\\';
    } else if (c == '"') {
      inside_ = true;
    } else if (c == '{' || c == '[') {
      if (++depth_ > deepest_json) fail(at, fmt::format("is JSON nested deeper than {}", deepest_json));
      count(at);
    } else if (c == ',' || c == ':') {
      count(at);
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      extent_.end = at + 1;
    }
  }

  void count(std::size_t at) {
    if (++values_ > most_values) fail(at, fmt::format("is JSON of more than {} values", most_values));
  }
  void fail(std::size_t at, std::string why) { extent_.error = ParseError{std::move(why), at}; }

  std::string_view text_;
  Extent extent_;
  bool inside_ = false;
  bool escaped_ = false;
  std::size_t depth_ = 0;
  std::size_t values_ = 0;
};

std::string mended(std::string_view text, bool (*broken)(unsigned char), char instead) {
  std::string result(text);
  for (char& c : result) {
    if (broken(static_cast<unsigned char>(c))) c = instead;
  }
  return result;
}

Parsed<Json> parse(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    return error_at(std::min(error.byte == 0 ? 0 : error.byte - 1, text.size()), "is no JSON");
  }
}

bool has_high_octets(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// As it is; else without what breaks the rules most often.
Parsed<Json> parse_mended(std::string_view text, bool controls, std::vector<std::string>& notes) {
  std::string plain;
  if (controls) {
    plain = mended(
        text, [](unsigned char c) { return c < 0x20; }, ' ');
    notes.emplace_back("line ends or control characters inside a string");
    text = plain;
  }
  auto json = parse(text);
  if (json || !has_high_octets(text)) return json;
  auto second = parse(mended(
      text, [](unsigned char c) { return c >= 0x80; }, '?'));
  if (!second) return json;
  notes.emplace_back("text that is not UTF-8");
  return second;
}

}  // namespace

bool looks_like_json(std::string_view text) {
  const std::size_t begin = begin_of(text);
  return begin < text.size() && text[begin] == '{';
}

Parsed<Json> parse_json(std::string_view text, std::vector<std::string>& notes) {
  const std::size_t begin = begin_of(text);
  if (begin == text.size()) return error_at(begin, "is empty");
  if (text[begin] != '{' && text[begin] != '[') return error_at(begin, "is no JSON");
  const Extent extent = Scan(text).run(begin);
  if (extent.error) return tl::unexpected(*extent.error);
  if (text.find_first_not_of(blanks, extent.end) != std::string_view::npos) {
    notes.emplace_back("text behind the end of the report");
  }
  auto json = parse_mended(text.substr(begin, extent.end - begin), extent.controls, notes);
  if (!json) return error_at(begin + json.error().position, json.error().message);
  return json;
}

}  // namespace danewatch::tlsrpt

#include "probe/report/wording.hpp"

#include <algorithm>

#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

// Code longer than this is there to be copied.
constexpr std::size_t longest_word = 32;

// What is left of a sentence after its code moved to a line of its own.
std::string without_leading_stop(const std::string& text) {
  const std::size_t at = text.find_first_not_of(" .,;:");
  return at == std::string::npos ? std::string() : text.substr(at);
}

}  // namespace

Wording::Wording(std::string_view words) {
  const bool holds_code = std::ranges::count(words, '`') % 2 == 0;
  bool is_code = false;
  while (!words.empty()) {
    const std::size_t end = holds_code ? std::min(words.find('`'), words.size()) : words.size();
    add(std::string(words.substr(0, end)), is_code);
    words.remove_prefix(std::min(end + 1, words.size()));
    is_code = !is_code;
  }
}

Wording::Wording(const std::string& words) : Wording(std::string_view(words)) {}

Wording::Wording(const char* words) : Wording(std::string_view(words)) {}

Wording Wording::code(std::string text) {
  Wording wording;
  wording.add(std::move(text), true);
  return wording;
}

Wording Wording::quoted(std::string text) {
  Wording wording;
  wording.add(std::move(text), false);
  return wording;
}

void Wording::add(std::string text, bool is_code) {
  if (text.empty()) return;
  if (!is_code && !parts_.empty() && !parts_.back().is_code) {
    parts_.back().text += text;
  } else {
    parts_.push_back({std::move(text), is_code});
  }
}

Wording& Wording::operator+=(const Wording& more) {
  for (const Part& part : std::vector<Part>(more.parts_)) add(part.text, part.is_code);
  return *this;
}

Wording Wording::capitalized() const {
  Wording wording = *this;
  if (!parts_.empty() && !parts_.front().is_code) wording.parts_.front().text = capital(parts_.front().text);
  return wording;
}

std::string Wording::text() const {
  std::string text;
  for (const Part& part : parts_) text += part.is_code ? "`" + part.text + "`" : part.text;
  return text;
}

std::vector<FixPiece> Wording::pieces() const {
  using Kind = FixPiece::Kind;
  std::vector<FixPiece> pieces;
  for (const Part& part : parts_) {
    const bool after_line = !pieces.empty() && pieces.back().kind == Kind::line;
    const Kind code_kind = part.text.size() > longest_word ? Kind::line : Kind::word;
    std::string text = !part.is_code && after_line ? without_leading_stop(part.text) : part.text;
    if (!text.empty()) pieces.push_back({part.is_code ? code_kind : Kind::prose, std::move(text)});
  }
  return pieces;
}

}  // namespace danewatch

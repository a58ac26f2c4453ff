#include "store/tlsrpt/header.hpp"

#include <algorithm>
#include <charconv>

#include "resolver/dns/name.hpp"
#include "store/tlsrpt/transfer.hpp"

namespace danewatch::tlsrpt {
namespace {

constexpr std::size_t most_parameters = 100;
constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// The line at the front, with its end.
std::string_view line_of(std::string_view text) {
  const auto end = text.find('\n');
  return text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
}

std::string_view field_name(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view name = trimmed(line.substr(0, colon));
  const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
  return std::ranges::all_of(name, printable) && !is_blank(line.front()) ? name : std::string_view{};
}

// Comments (RFC 5322 3.2.2) are passed over; a quoted string ends at its quote.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  bool done() {
    skip();
    return text_.empty();
  }

  bool take(char wanted) {
    skip();
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }

  // A quoted string or what stands before one of `ends`.
  std::string word(std::string_view ends) {
    if (take('"')) return quoted();
    std::string result;
    while (!text_.empty() && ends.find(text_.front()) == std::string_view::npos && text_.front() != '(') {
      result += text_.front();
      text_.remove_prefix(1);
    }
    return std::string(trimmed(result));
  }

  // Whatever stands before the next semicolon.
  void to_semicolon() {
    while (!done() && text_.front() != ';') word(";\"");
  }

 private:
  std::string quoted() {
    std::string result;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') break;
      if (c == '\\' && !text_.empty()) {
        result += text_.front();
        text_.remove_prefix(1);
      } else {
        result += c;
      }
    }
    return result;
  }

  void skip() {
    while (!text_.empty() && (blanks.find(text_.front()) != std::string_view::npos || text_.front() == '(')) {
      if (text_.front() == '(') {
        comment();
      } else {
        text_.remove_prefix(1);
      }
    }
  }

  void comment() {
    std::size_t depth = 0;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(c == '\\' ? std::min<std::size_t>(2, text_.size()) : 1);
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return;
    }
  }

  std::string_view text_;
};

// A piece of a parameter (RFC 2231 3, 4): "name*1*" is number 1 of `name`, percent-encoded.
struct Piece {
  std::string name;
  unsigned number = 0;
  bool encoded = false;
  bool continued = false;
};

Piece piece_of(std::string word) {
  Piece piece;
  if (word.ends_with('*')) {
    piece.encoded = true;
    word.pop_back();
  }
  const auto star = word.rfind('*');
  if (star != std::string::npos) {
    const char* end = word.data() + word.size();
    const auto [stopped, wrong] = std::from_chars(word.data() + star + 1, end, piece.number);
    piece.continued = wrong == std::errc{} && stopped == end && piece.number < most_parameters;
    if (piece.continued) word.resize(star);
  }
  piece.name = lower(word);
  return piece;
}

// charset'language'value: what stands before the second quote is passed over.
std::string without_charset(const std::string& value) {
  const auto first = value.find('\'');
  const auto second = first == std::string::npos ? first : value.find('\'', first + 1);
  return second == std::string::npos ? value : value.substr(second + 1);
}

}  // namespace

std::vector<std::string_view> Entity::all(std::string_view name) const {
  std::vector<std::string_view> result;
  for (const auto& field : fields) {
    if (equal_ignoring_case(field.name, name)) result.emplace_back(field.value);
  }
  return result;
}

std::string_view Entity::first(std::string_view name) const {
  const auto found = std::ranges::find_if(fields, [&](const Field& f) { return equal_ignoring_case(f.name, name); });
  return found == fields.end() ? std::string_view{} : std::string_view(found->value);
}

bool begins_with_field(std::string_view text) {
  return !field_name(line_of(text)).empty();
}

Entity parse_entity(std::string_view text) {
  Entity entity;
  Field* open = nullptr;  // the one that a folded line goes on with
  while (!text.empty()) {
    const std::string_view line = line_of(text);
    const bool folded = is_blank(line.front());
    const std::string_view name = folded ? std::string_view{} : field_name(line);
    if (trimmed(line).empty() && !folded) {  // the empty line
      text.remove_prefix(line.size());
      break;
    }
    if (!folded && name.empty()) break;  // no header any more: the body, as mail readers have it
    text.remove_prefix(line.size());
    if (folded) {
      if (open != nullptr) open->value.append(open->value.empty() ? "" : " ").append(trimmed(line));
      continue;
    }
    open = nullptr;
    if (entity.fields.size() == most_fields) continue;
    entity.fields.push_back({name, std::string(trimmed(line.substr(line.find(':') + 1)))});
    open = &entity.fields.back();
  }
  entity.body = text;
  return entity;
}

Parameterised parse_parameters(std::string_view text) {
  Parameterised result;
  Words words(text);
  result.value = lower(words.word(";"));
  words.to_semicolon();
  std::map<std::string, std::map<unsigned, std::string>> pieces;
  for (std::size_t count = 0; words.take(';') && count < most_parameters; ++count) {
    const Piece piece = piece_of(words.done() ? "" : words.word("=;"));
    if (!words.take('=')) continue;
    std::string value = words.done() ? "" : words.word("; \t");
    words.to_semicolon();
    if (piece.encoded) value = decode_percent(piece.number == 0 ? without_charset(value) : value);
    if (piece.continued) {
      pieces[piece.name].emplace(piece.number, std::move(value));
    } else if (!piece.name.empty()) {
      result.parameters.emplace(piece.name, std::move(value));  // the first of a name, as GMime has it
    }
  }
  for (const auto& [name, parts] : pieces) {
    std::string whole;
    unsigned next = 0;
    for (const auto& [number, part] : parts) {
      if (number != next++) break;
      whole += part;
    }
    if (next > 0) result.parameters.insert_or_assign(name, std::move(whole));
  }
  return result;
}

}  // namespace danewatch::tlsrpt

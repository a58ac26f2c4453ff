#include "resolver/zone/zone_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_octets = std::size_t{64} << 20;
constexpr int most_depth = 8;
// Where names end that nothing says the end of; no name of the world does (RFC 6761 6.4).
constexpr std::string_view nowhere = "no-origin.danewatch.invalid";

// Words of a line, up to a comment; quotes hold a word together.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, begun = false;
  for (const char c : line) {
    if (c == ';' && !quoted) break;
    if (c == '"') {
      quoted = !quoted;
      begun = true;
    } else if ((c == ' ' || c == '\t' || c == '\r') && !quoted) {
      if (begun) words.push_back(std::exchange(word, {}));
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) words.push_back(word);
  return words;
}

// How parentheses are open after the line; a record may go on over many lines.
int open_after(std::string_view line, int open) {
  bool quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '\\') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ';') {
      break;
    } else if (!quoted && (c == '(' || c == ')')) {
      open += c == '(' ? 1 : -1;
    }
  }
  return std::max(open, 0);
}

std::string absolute(const std::string& name, const std::string& origin) {
  if (name.ends_with('.')) return name;
  if (name == "@") return origin;
  return origin == "." ? name + "." : name + "." + origin;
}

// One file and those it names, into one text.
class Expansion {
 public:
  explicit Expansion(const IncludeReader& read) : read_(read) {}

  // An error's position is a line of this text.
  std::optional<ParseError> add(std::string_view text, std::string origin, int depth) {
    std::size_t number = 0;
    int open = 0;
    while (!text.empty()) {
      ++number;
      const auto end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      const auto words = open == 0 ? words_of(line) : std::vector<std::string>();
      const std::string directive = words.empty() ? "" : lower(words.front());
      open = open_after(line, open);
      if (directive == "$origin" && words.size() > 1) origin = absolute(words[1], origin);
      if (directive != "$include") {
        out_ += line;
        out_ += '\n';
      } else if (const auto wrong = include(words, origin, depth)) {
        return ParseError{*wrong, number};
      }
      if (out_.size() > most_octets) return ParseError{"it is larger than 64 MiB with what it includes", number};
    }
    return std::nullopt;
  }

  std::string take() { return std::move(out_); }

 private:
  std::optional<std::string> include(const std::vector<std::string>& words, const std::string& origin, int depth) {
    if (words.size() < 2) return "$INCLUDE without the name of a file";
    if (!read_) return "$INCLUDE is not followed: --include-dir DIR says where included files may lie";
    if (depth == most_depth) return "files that include each other";
    const auto text = read_(words[1]);
    if (!text) return text.error().message;
    const std::string inner = words.size() > 2 ? absolute(words[2], origin) : origin;
    out_ += fmt::format("$ORIGIN {}\n", inner);
    if (const auto wrong = add(*text, inner, depth + 1)) {
      return fmt::format("in the included file, line {}: {}", wrong->position, wrong->message);
    }
    out_ += fmt::format("$ORIGIN {}\n", origin);
    return std::nullopt;
  }

  const IncludeReader& read_;
  std::string out_;
};

bool ends_nowhere(const wire::Record& record) {
  if (is_at_or_below(record.owner, std::string(nowhere))) return true;
  const std::string_view label = nowhere.substr(0, nowhere.find('.'));
  const std::string_view data(reinterpret_cast<const char*>(record.rdata.data()), record.rdata.size());
  return data.find(label) != std::string_view::npos;
}

}  // namespace

Parsed<std::string> with_includes(std::string_view text, const std::string& origin, const IncludeReader& read) {
  Expansion expansion(read);
  if (auto wrong = expansion.add(text, origin, 0)) return tl::unexpected(std::move(*wrong));
  return expansion.take();
}

Parsed<Zone> read_zone_text(std::string_view text, const std::optional<std::string>& origin,
                            const IncludeReader& read) {
  const std::string end = (origin ? *origin : std::string(nowhere)) + (origin == "." ? "" : ".");
  const auto whole = with_includes(text, end, read);
  if (!whole) return tl::unexpected(whole.error());
  auto records = wire::read_zone(*whole, end);
  if (!records) return tl::unexpected(records.error());
  if (records->empty()) return error_at(0, "it holds no record");
  if (!origin && std::ranges::any_of(*records, ends_nowhere)) {
    return error_at(0, "its names are relative, and no $ORIGIN says to what: give --zone NAME=FILE");
  }
  return Zone::of(std::move(*records));
}

}  // namespace danewatch

#include "resolver/dns/tlsa_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

constexpr std::string_view blanks = " \t\r\n";

tl::unexpected<ParseError> error_at(std::size_t position, std::string message) {
  return tl::unexpected(ParseError{std::move(message), position});
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_hex_or_blank(char c) {
  return is_hex(c) || blanks.find(c) != std::string_view::npos;
}

// Blanks and quotes of word processors and web pages, which look like the plain ones.
std::size_t length_of_printed_blank(std::string_view rest) {
  constexpr std::array<std::string_view, 8> printed{"\xc2\xa0",     "\xe2\x80\x8b", "\xef\xbb\xbf", "\xe2\x80\x9c",
                                                    "\xe2\x80\x9d", "\xe2\x80\x9e", "\xe2\x80\x98", "\xe2\x80\x99"};
  const auto found = std::ranges::find_if(printed, [&](std::string_view each) { return rest.starts_with(each); });
  return found == printed.end() ? 0 : found->size();
}

// The text with blanks in the place of all that only lays it out, so that positions stay what they are. A line end
// within parentheses becomes a blank, one outside stays (RFC 1035 5.1).
class Flattener {
 public:
  explicit Flattener(std::string_view text) : text_(text), flat_(text) {}

  Parsed<std::string> run() {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == ';') {
        i = blank_comment(i);
      } else if (text_[i] == '"') {
        quote_ = quote_ ? std::nullopt : std::optional(i);
        flat_[i] = ' ';
      } else if (text_[i] == '(') {
        i = open(i);
      } else if (text_[i] == ')') {
        if (opened_.empty()) return error_at(i, "\")\" without its \"(\"");
        opened_.pop_back();
        flat_[i] = ' ';
      } else if ((text_[i] == '\n' && !opened_.empty()) || text_[i] == '\'' || parts_octets(i)) {
        flat_[i] = ' ';
      } else if (const auto length = length_of_printed_blank(text_.substr(i)); length > 0) {
        flat_.replace(i, length, length, ' ');
        i += length - 1;
      }
    }
    if (!opened_.empty()) return error_at(opened_.back(), "\"(\" without its \")\"");
    if (quote_) return error_at(*quote_, "a quote is not closed");
    return std::move(flat_);
  }

 private:
  // "8B:D1:DA", as fingerprints are printed.
  bool parts_octets(std::size_t at) const {
    const bool within = at >= 2 && at + 2 < text_.size();
    return text_[at] == ':' && within && is_hex(text_[at - 2]) && is_hex(text_[at - 1]) && is_hex(text_[at + 1]) &&
           is_hex(text_[at + 2]);
  }

  std::size_t blank_comment(std::size_t at) {
    const std::size_t end = std::min(text_.find('\n', at), text_.size());
    flat_.replace(at, end - at, end - at, ' ');
    return end - 1;
  }

  // "DANE-EE(3)", as RFC 7218 and those who quote it write: the number says the same again.
  std::size_t open(std::size_t at) {
    const std::size_t begin = text_.find_last_of(" \t\r\n\"(", at == 0 ? 0 : at - 1) + 1;
    std::size_t end = at + 1;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    const bool number = end > at + 1 && end < text_.size() && text_[end] == ')';
    if (begin < at && number && is_tlsa_acronym(text_.substr(begin, at - begin))) {
      flat_.replace(at, end + 1 - at, end + 1 - at, ' ');
      return end;
    }
    opened_.push_back(at);
    flat_[at] = ' ';
    return at;
  }

  std::string_view text_;
  std::string flat_;
  std::vector<std::size_t> opened_;
  std::optional<std::size_t> quote_;
};

struct Word {
  std::string_view text;
  std::size_t at = 0;
};

std::vector<Word> words_of(std::string_view line, std::size_t line_at) {
  std::vector<Word> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(blanks, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
    words.push_back({line.substr(at, end - at), line_at + at});
    at = end;
  }
  return words;
}

bool is_type(const Word& word) {
  return equal_ignoring_case(word.text, "TLSA") || equal_ignoring_case(word.text, "TYPE52") ||
         word.text == "rdata_52";  // nslookup's word
}

// Where the data begin: after the type, and after "record" as unbound-host and host say, or "=" as nslookup does.
std::optional<std::size_t> data_in(const std::vector<Word>& words) {
  const auto type = std::ranges::find_if(words, is_type);
  if (type == words.end()) return std::nullopt;
  const bool more = type + 1 != words.end();
  const bool spoken = more && (equal_ignoring_case(type[1].text, "record") || type[1].text == "=");
  // "TLSA OWNER TTL DATA", as dog has it: the type stands first.
  const bool type_first = type == words.begin() && words.size() > 3 && type[1].text.starts_with('_');
  const Word& last = type_first ? type[2] : spoken ? type[1] : type[0];
  return last.at + last.text.size();
}

bool is_another_type(const std::vector<Word>& words) {
  return std::ranges::any_of(words, [](const Word& word) { return equal_ignoring_case(word.text, "RRSIG"); });
}

// "-- Selector: SubjectPublicKeyInfo", as resolvectl explains a record.
bool is_remark(const std::vector<Word>& words) {
  return !words.empty() && words.front().text.starts_with("--");
}

// A line of an answer that is no part of the record.
bool is_other_line(std::string_view line, const std::vector<Word>& words) {
  return !std::ranges::all_of(line, is_hex_or_blank) && std::ranges::any_of(words, [](const Word& word) {
    return equal_ignoring_case(word.text, "IN") || word.text == "has";
  });
}

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The one record among the lines. Without a type everything is its data.
Parsed<Span> find_data(std::string& flat) {
  std::optional<Span> found;
  bool refused = false;
  for (std::size_t at = 0; at < flat.size();) {
    const std::size_t end = std::min(flat.find('\n', at), flat.size());
    const std::string_view line = std::string_view(flat).substr(at, end - at);
    const std::vector<Word> words = words_of(line, at);
    const bool remark = is_remark(words);
    const bool other = remark || is_another_type(words) || (found && !data_in(words) && is_other_line(line, words));
    if (const auto data = other ? std::nullopt : data_in(words)) {
      if (found) return error_at(words.front().at, "more than one record; give them one by one");
      found = Span{*data, flat.size()};
    } else if (other) {
      refused = refused || !remark;
      flat.replace(at, end - at, end - at, ' ');
    }
    at = end + 1;
  }
  if (!found && refused) return error_at(0, "an RRSIG record, not a TLSA record");
  return found.value_or(Span{0, flat.size()});
}

// What unbound-host -v adds. It is no data, and stands in parentheses of its own kind.
std::string without_security(std::string_view text) {
  constexpr std::array<std::string_view, 3> marks{"(secure)", "(insecure)", "(BOGUS (security failure))"};
  std::string result(text);
  for (const std::string_view mark : marks) {
    for (auto at = result.find(mark); at != std::string::npos; at = result.find(mark, at)) {
      result.replace(at, mark.size(), mark.size(), ' ');
    }
  }
  return result;
}

Parsed<TlsaRecord> parse(std::string_view text) {
  const std::string record_alone = without_security(text);
  auto flat = Flattener(record_alone).run();
  if (!flat) return tl::unexpected(flat.error());
  const auto span = find_data(*flat);
  if (!span) return tl::unexpected(span.error());
  auto record = parse_tlsa(std::string_view(*flat).substr(span->begin, span->end - span->begin));
  if (!record) record.error().position += span->begin;
  return record;
}

// "character 12", as people count them.
std::string place_of(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::string_view last = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  const auto column = std::ranges::count_if(last, begins_character) + 1;
  const bool one_line = text.find('\n') == std::string_view::npos;
  return one_line ? fmt::format("character {}", column) : fmt::format("line {}, character {}", line, column);
}

}  // namespace

Parsed<TlsaRecord> parse_tlsa_line(std::string_view text) {
  auto record = parse(text);
  if (record) return record;
  ParseError& error = record.error();
  if (error.position < text.size()) error.message += fmt::format(" ({})", place_of(text, error.position));
  return record;
}

}  // namespace danewatch

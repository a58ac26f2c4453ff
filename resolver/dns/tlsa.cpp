#include "resolver/dns/tlsa.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "resolver/dns/name.hpp"
#include "resolver/dns/tlsa_line.hpp"

namespace danewatch {
namespace {

constexpr std::size_t octets_shown = 8;

constexpr std::size_t max_rdata = 65535;  // RDLENGTH has 16 bits (RFC 1035 3.2.1)
constexpr std::size_t fixed_octets = 3;   // usage, selector, matching type

struct Digest {
  std::string_view name;
  std::size_t octets = 0;
};

constexpr std::array<Digest, 3> digests{{{"", 0}, {"SHA2-256", 32}, {"SHA2-512", 64}}};  // by matching type

constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char c) {
  return blanks.find(c) != std::string_view::npos;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// Reads white-space separated words from the front of a text and remembers where they stood.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  std::string_view next() {
    skip_blanks();
    start_ = position_;
    while (position_ < text_.size() && !is_blank(text_[position_])) ++position_;
    return text_.substr(start_, position_ - start_);
  }

  std::string_view rest() {
    skip_blanks();
    start_ = position_;
    return text_.substr(position_);
  }

  std::size_t start() const { return start_; }  // of the word last returned

 private:
  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t start_ = 0;
};

struct Acronym {
  std::string_view word;
  unsigned value;
};

// RFC 7218 2, and behind its own words those that people write instead.
constexpr std::array usages{Acronym{"PKIX-TA", 0}, Acronym{"PKIX-EE", 1}, Acronym{"DANE-TA", 2}, Acronym{"DANE-EE", 3},
                            Acronym{"PrivCert", 255}};
constexpr std::array selectors{Acronym{"Cert", 0}, Acronym{"SPKI", 1}, Acronym{"PrivSel", 255},
                               Acronym{"SubjectPublicKeyInfo", 1}};
constexpr std::array matching_types{Acronym{"Full", 0},        Acronym{"SHA2-256", 1}, Acronym{"SHA2-512", 2},
                                    Acronym{"PrivMatch", 255}, Acronym{"SHA-256", 1},  Acronym{"SHA256", 1},
                                    Acronym{"SHA2_256", 1},    Acronym{"SHA-512", 2},  Acronym{"SHA512", 2},
                                    Acronym{"SHA2_512", 2}};

std::optional<unsigned> value_of(std::span<const Acronym> acronyms, std::string_view word) {
  const auto found =
      std::ranges::find_if(acronyms, [&](const Acronym& each) { return equal_ignoring_case(each.word, word); });
  return found == acronyms.end() ? std::nullopt : std::optional(found->value);
}

std::string word_for(std::span<const Acronym> acronyms, unsigned value) {
  const auto found = std::ranges::find(acronyms, value, &Acronym::value);
  return found == acronyms.end() ? std::to_string(value) : std::string(found->word);
}

// A character as it may stand in a message: never a raw octet of the input.
std::string shown_character(std::string_view text, std::size_t at) {
  const auto c = static_cast<unsigned char>(text[at]);
  if (c > ' ' && c < 0x7f) return fmt::format("\"{}\"", text[at]);
  return fmt::format("byte 0x{:02x}", c);
}

bool is_cut_short(std::string_view rest) {
  return rest.starts_with("...") || rest.starts_with("\xe2\x80\xa6");  // U+2026, the ellipsis
}

Parsed<unsigned> read_number(Words& words, std::string_view what, unsigned highest,
                             std::span<const Acronym> acronyms = {}) {
  const std::string_view word = words.next();
  if (word.empty()) return error_at(words.start(), fmt::format("the {} is missing", what));
  if (const auto named = value_of(acronyms, word)) return *named;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value > highest) {
    return error_at(words.start(), fmt::format("the {} is not a number from 0 to {}", what, highest));
  }
  return value;
}

Parsed<std::vector<std::uint8_t>> read_hex(Words& words) {
  const std::string_view text = words.rest();
  auto bytes = from_hex(text);
  if (!bytes) bytes.error().position += words.start();
  return bytes;
}

// RFC 3597 5: "\# LENGTH HEX".
Parsed<TlsaRecord> parse_generic(Words& words) {
  const auto length = read_number(words, "RDATA length", max_rdata);
  if (!length) return tl::unexpected(length.error());
  const auto rdata = read_hex(words);
  if (!rdata) return tl::unexpected(rdata.error());
  if (rdata->size() != *length) {
    return error_at(words.start(), fmt::format("{} bytes of RDATA where {} were announced", rdata->size(), *length));
  }
  return tlsa_from_rdata({}, *rdata);
}

// RFC 6698 2.2: "USAGE SELECTOR TYPE HEX"; RFC 7218 2: or "DANE-EE SPKI SHA2-256 HEX".
Parsed<TlsaRecord> parse_plain(Words& words) {
  const auto usage = read_number(words, "usage", 255, usages);
  if (!usage) return tl::unexpected(usage.error());
  const auto selector = read_number(words, "selector", 255, selectors);
  if (!selector) return tl::unexpected(selector.error());
  const auto matching_type = read_number(words, "matching type", 255, matching_types);
  if (!matching_type) return tl::unexpected(matching_type.error());
  auto data = read_hex(words);
  if (!data) return tl::unexpected(data.error());
  if (data->size() > max_rdata - fixed_octets) {
    return error_at(words.start(), fmt::format("{} bytes of data do not fit into a DNS record", data->size()));
  }
  TlsaRecord record;
  record.usage = static_cast<std::uint8_t>(*usage);
  record.selector = static_cast<std::uint8_t>(*selector);
  record.matching_type = static_cast<std::uint8_t>(*matching_type);
  record.data = std::move(*data);
  return record;
}

// RFC 7218 2 sets 255 aside for private use; without an agreement nobody knows what it means.
std::string unknown_number(std::string_view field, unsigned value) {
  if (value == 255) return fmt::format("{} 255 is for private use", field);
  return fmt::format("{} {} does not exist", field, value);
}

std::optional<std::string> length_reason(const TlsaRecord& record) {
  const Digest& expected = digests[record.matching_type];
  const std::size_t octets = record.data.size();
  if (octets == 0) return "empty data";
  if (expected.octets == 0 || octets == expected.octets) return std::nullopt;
  for (std::size_t type = 1; type < digests.size(); ++type) {
    if (digests[type].octets == octets) {
      return fmt::format("{} bytes fit {}, matching type {}", octets, digests[type].name, type);
    }
  }
  return fmt::format("{} byte{} where {} has {}", octets, octets == 1 ? "" : "s", expected.name, expected.octets);
}

std::string generic_text(const TlsaRecord& record) {
  std::vector<std::uint8_t> rdata;
  if (!record.truncated) rdata = {record.usage, record.selector, record.matching_type};
  rdata.insert(rdata.end(), record.data.begin(), record.data.end());
  if (rdata.empty()) return "\\# 0";
  return fmt::format("\\# {} {}", rdata.size(), to_hex(rdata));
}

}  // namespace

TlsaRecord tlsa_from_rdata(std::string owner, std::span<const std::uint8_t> rdata) {
  TlsaRecord record;
  record.owner = std::move(owner);
  record.truncated = rdata.size() < fixed_octets;
  if (!record.truncated) {
    record.usage = rdata[0];
    record.selector = rdata[1];
    record.matching_type = rdata[2];
    rdata = rdata.subspan(fixed_octets);
  }
  record.data.assign(rdata.begin(), rdata.end());
  return record;
}

Parsed<TlsaRecord> parse_tlsa(std::string_view text) {
  Words words(text);
  Words ahead = words;
  if (ahead.next() == "\\#") return parse_generic(ahead);
  return parse_plain(words);
}

std::optional<std::string> unusable_reason(const TlsaRecord& record) {
  if (record.truncated) {
    return fmt::format("RDATA of {} byte{}, too short for a TLSA record", record.data.size(),
                       record.data.size() == 1 ? "" : "s");
  }
  if (record.usage > 3) return unknown_number("usage", record.usage);
  if (record.selector > 1) return unknown_number("selector", record.selector);
  if (record.matching_type > 2) return unknown_number("matching type", record.matching_type);
  return length_reason(record);
}

std::string numbers_of(const TlsaRecord& record) {
  return fmt::format("{} {} {}", record.usage, record.selector, record.matching_type);
}

std::string acronyms_of(const TlsaRecord& record) {
  return fmt::format("{} {} {}", word_for(usages, record.usage), word_for(selectors, record.selector),
                     word_for(matching_types, record.matching_type));
}

std::string start_of(const TlsaRecord& record) {
  return to_hex(std::span(record.data).first(std::min(record.data.size(), octets_shown)));
}

bool is_tlsa_acronym(std::string_view word) {
  return value_of(usages, word) || value_of(selectors, word) || value_of(matching_types, word);
}

bool is_short(const TlsaRecord& record) {
  return record.data.size() <= octets_shown;
}

std::string to_text(const TlsaRecord& record) {
  if (record.truncated) return generic_text(record);
  const std::string numbers = numbers_of(record);
  return record.data.empty() ? numbers : numbers + " " + to_hex(record.data);
}

std::string to_zone_line(const TlsaRecord& record) {
  // The plain form cannot say "no data"; the generic form can, and name servers load it.
  const std::string data = record.data.empty() ? generic_text(record) : to_text(record);
  return fmt::format("{}. IN TLSA {}", record.owner, data);
}

bool same_association(const TlsaRecord& left, const TlsaRecord& right) {
  return left.usage == right.usage && left.selector == right.selector && left.matching_type == right.matching_type &&
         left.truncated == right.truncated && left.data == right.data;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text.push_back(digits[byte >> 4U]);
    text.push_back(digits[byte & 15U]);
  }
  return text;
}

Parsed<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  std::optional<unsigned> high;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_blank(text[i])) continue;
    const auto digit = hex_digit(text[i]);
    if (!digit && is_cut_short(text.substr(i))) return error_at(i, "the data is cut short; give the whole record");
    if (!digit) return error_at(i, shown_character(text, i) + " is not a hex digit");
    if (high) bytes.push_back(static_cast<std::uint8_t>(*high << 4U | *digit));
    high = high ? std::nullopt : digit;
  }
  if (high) return error_at(text.size(), "an odd number of hex digits");
  return bytes;
}

}  // namespace danewatch

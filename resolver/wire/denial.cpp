#include "resolver/wire/denial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "resolver/dns/name.hpp"
#include "resolver/handle.hpp"
#include "resolver/wire/message.hpp"
#include "resolver/wire/wire.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

constexpr auto type_soa = static_cast<std::uint16_t>(RrType::soa);
constexpr std::uint16_t most_iterations = 500;  // no validator takes more (RFC 9276 3.2 wants 0)

using Name = Handle<ldns_rdf, ldns_rdf_deep_free>;

// What is put in order: the labels of a name from the root down (RFC 4034 6.1), or a hash alone.
using Key = std::vector<std::string>;

Key key_of(const std::string& name) {
  Key labels;
  const auto wire = name_to_wire(name);
  for (std::size_t at = 0; wire && at < wire->size() && (*wire)[at] != 0; at += (*wire)[at] + 1U) {
    const auto begin = wire->begin() + static_cast<std::ptrdiff_t>(at) + 1;
    labels.emplace_back(begin, begin + (*wire)[at]);
  }
  std::ranges::reverse(labels);
  return labels;
}

// One NSEC or NSEC3 record: nothing lies between the two.
struct Gap {
  Key owner;
  Key next;
  Bytes types;
  bool opt_out = false;

  bool covers(const Key& key) const { return owner < next ? owner < key && key < next : owner < key || key < next; }

  // RFC 4034 4.1.2.
  bool has(std::uint16_t type) const {
    for (std::size_t at = 0; at + 2 <= types.size(); at += 2U + types[at + 1]) {
      const std::size_t octet = type % 256U / 8U;
      if (types[at] != type / 256U) continue;
      return octet < types[at + 1] && at + 2 + octet < types.size() &&
             (types[at + 2 + octet] & (0x80U >> (type % 8U))) != 0;
    }
    return false;
  }

  bool has(RrType type) const { return has(static_cast<std::uint16_t>(type)); }

  // What it says of names below its owner is not for it to say.
  bool leads_away() const { return has(RrType::dname) || (has(RrType::ns) && !has(type_soa)); }
};

std::string why_not_absent(const Gap& gap, const Question& question) {
  if (gap.has(question.type)) return "the proof says that there are such records";
  if (gap.has(RrType::cname)) return "the proof says that there is an alias";
  const bool below = gap.has(RrType::ns) && !gap.has(type_soa);
  if (below && question.type != RrType::ds) return "the proof is from the zone above";
  const bool own = question.type == RrType::ds && gap.has(type_soa) && question.name != ".";
  return own ? "the proof is from the zone itself, not from the one above" : "";
}

const Gap* at_key(std::span<const Gap> gaps, const Key& key) {
  const auto found = std::ranges::find(gaps, key, &Gap::owner);
  return found == gaps.end() ? nullptr : &*found;
}

const Gap* over_key(std::span<const Gap> gaps, const Key& key) {
  const auto found = std::ranges::find_if(gaps, [&](const Gap& gap) { return gap.covers(key); });
  return found == gaps.end() ? nullptr : &*found;
}

// The wildcard that would have answered.
std::string why_not_without_wildcard(std::span<const Gap> gaps, const Key& wildcard, const Question& question) {
  if (const Gap* gap = at_key(gaps, wildcard)) return why_not_absent(*gap, question);
  return over_key(gaps, wildcard) != nullptr ? "" : "a wildcard might answer";
}

std::vector<Gap> nsec_gaps(std::span<const Record> proofs) {
  std::vector<Gap> gaps;
  for (const Record& record : proofs) {
    const auto next = record.type == rr_type_nsec ? read_name(record.rdata) : tl::unexpected(ParseError{});
    if (!next) continue;
    gaps.push_back({key_of(record.owner), key_of(next->name), Bytes(record.rdata).subspan(next->length)});
  }
  return gaps;
}

std::size_t shared(const Key& left, const Key& right) {
  const auto [end, other] = std::ranges::mismatch(left, right);
  return static_cast<std::size_t>(end - left.begin());
}

bool starts_with(const Key& key, const Key& start) {
  return shared(key, start) == start.size();
}

// The last record of a zone leads back to its first name, and says nothing beyond the zone.
std::vector<Gap> of_zone_of(const Key& name, std::vector<Gap> gaps) {
  std::erase_if(gaps, [&](const Gap& gap) { return !(gap.owner < gap.next) && !starts_with(name, gap.next); });
  return gaps;
}

std::string why_not_by_nsec(const std::vector<Gap>& all, const Question& question) {
  const Key name = key_of(question.name);
  const auto gaps = of_zone_of(name, all);
  if (const Gap* gap = at_key(gaps, name)) return why_not_absent(*gap, question);
  const Gap* gap = over_key(gaps, name);
  if (gap == nullptr) return "nothing says that the name does not exist";
  if (starts_with(name, gap->owner) && gap->leads_away()) return "the proof is from the zone above";
  if (starts_with(gap->next, name)) return "";  // an empty non-terminal
  const std::size_t encloser = std::max(shared(name, gap->owner), shared(name, gap->next));
  Key wildcard(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(encloser));
  wildcard.emplace_back("*");
  return why_not_without_wildcard(gaps, wildcard, question);
}

// The NSEC3 records of one zone that share a way to hash (RFC 5155 3).
struct Hashed {
  std::string zone;
  std::uint8_t algorithm = 0;
  std::uint16_t iterations = 0;
  std::vector<std::uint8_t> salt;
  std::vector<Gap> gaps;

  std::optional<Key> hash(const std::string& name) const {
    const auto wire = name_to_wire(name);
    if (!wire || iterations > most_iterations) return std::nullopt;
    const Name text(ldns_dname_new_frm_data(static_cast<std::uint16_t>(wire->size()), wire->data()));
    const Name hashed(
        ldns_nsec3_hash_name(text.get(), algorithm, iterations, static_cast<std::uint8_t>(salt.size()), salt.data()));
    if (!hashed || ldns_rdf_size(hashed.get()) < 2) return std::nullopt;
    const auto* label = ldns_rdf_data(hashed.get());
    return Key{lower(std::string(label + 1, label + 1 + label[0]))};
  }
};

// Base 32 with the extended hex alphabet (RFC 4648 7), as owners have it: it keeps the order of the octets.
std::string base32hex(Bytes octets) {
  static constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
  std::string text;
  std::uint32_t bits = 0, count = 0;
  for (const std::uint8_t octet : octets) {
    bits = bits << 8 | octet;
    for (count += 8; count >= 5; count -= 5) text += digits[bits >> (count - 5) & 31U];
  }
  if (count > 0) text += digits[bits << (5 - count) & 31U];
  return text;
}

void add(Hashed& hashed, const Record& record) {
  const Bytes data = record.rdata;
  if (record.type != rr_type_nsec3 || data.size() < 6) return;
  const std::size_t salt = data[4], next = 5 + salt;
  if (data.size() <= next || data.size() < next + 1 + data[next]) return;
  const auto dot = record.owner.find('.');
  const std::string zone = dot == std::string::npos ? "." : record.owner.substr(dot + 1);
  const std::vector<std::uint8_t> salt_octets(data.begin() + 5, data.begin() + static_cast<std::ptrdiff_t>(next));
  if (hashed.gaps.empty()) {
    hashed.zone = zone;
    hashed.algorithm = data[0];
    hashed.iterations = read_u16(data, 2);
    hashed.salt = salt_octets;
  }
  if (zone != hashed.zone || data[0] != hashed.algorithm || read_u16(data, 2) != hashed.iterations) return;
  if (salt_octets != hashed.salt) return;
  const std::size_t types = next + 1 + data[next];
  hashed.gaps.push_back({Key{record.owner.substr(0, dot)}, Key{base32hex(data.subspan(next + 1, data[next]))},
                         data.subspan(types), (data[1] & 1U) != 0});
}

Hashed hashed_gaps(std::span<const Record> proofs) {
  Hashed hashed;
  for (const Record& record : proofs) add(hashed, record);
  return hashed;
}

std::string why_not_hidden(const Hashed& hashed, const std::string& name) {
  const auto key = is_at_or_below(name, hashed.zone) ? hashed.hash(name) : std::nullopt;
  const Gap* gap = key ? over_key(hashed.gaps, *key) : nullptr;
  if (gap == nullptr) return "nothing says that the name does not exist";
  return gap->opt_out ? "names without signatures may lie between (opt-out)" : "";
}

// RFC 5155 8.3: the nearest name above that exists, and that the next one below it does not.
std::string why_not_by_nsec3(const Hashed& hashed, const Question& question) {
  if (!is_at_or_below(question.name, hashed.zone)) return "it is of another zone";
  std::string encloser = question.name, next_closer;
  const Gap* at = nullptr;
  while (at == nullptr) {
    const auto key = hashed.hash(encloser);
    if (!key) return "its hashes are beyond what is computed here";
    at = at_key(hashed.gaps, *key);
    if (at == nullptr && encloser == hashed.zone) return "nothing says what the nearest name is that exists";
    if (at == nullptr) next_closer = std::exchange(encloser, parent_of(encloser));
  }
  if (next_closer.empty()) return why_not_absent(*at, question);
  if (at->leads_away()) return "the proof is from the zone above";
  if (auto why = why_not_hidden(hashed, next_closer); !why.empty()) return why;
  const auto wildcard = hashed.hash(encloser == "." ? "*" : "*." + encloser);
  return wildcard ? why_not_without_wildcard(hashed.gaps, *wildcard, question) : "a wildcard might answer";
}

}  // namespace

std::string why_not_denied(const Question& question, std::span<const Record> proofs) {
  const auto gaps = nsec_gaps(proofs);
  if (!gaps.empty()) return why_not_by_nsec(gaps, question);
  const Hashed hashed = hashed_gaps(proofs);
  return hashed.gaps.empty() ? "its denial has no proof" : why_not_by_nsec3(hashed, question);
}

std::string why_not_expanded(const std::string& name, std::size_t labels, std::span<const Record> proofs) {
  const auto gaps = nsec_gaps(proofs);
  const Key key = key_of(name);
  if (!gaps.empty()) {
    const auto of_zone = of_zone_of(key, gaps);
    const Gap* gap = over_key(of_zone, key);
    const bool nearer = gap != nullptr && std::max(shared(key, gap->owner), shared(key, gap->next)) > labels;
    return gap != nullptr && !nearer ? "" : "nothing says that the name itself does not exist";
  }
  const Hashed hashed = hashed_gaps(proofs);
  std::string next_closer = name;
  for (std::size_t left = key.size(); left > labels + 1; --left) next_closer = parent_of(next_closer);
  return hashed.gaps.empty() ? "nothing says that the name itself does not exist" : why_not_hidden(hashed, next_closer);
}

}  // namespace danewatch::wire

#include "probe/rollover/next_set.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch {
namespace {

bool is_of_an_authority(const TlsaRecord& record) {
  return record.usage == 0 || record.usage == 2;
}

bool has_same_numbers(const TlsaRecord& left, const TlsaRecord& right) {
  return left.usage == right.usage && left.selector == right.selector && left.matching_type == right.matching_type;
}

// One record of each kind in the set that clients can use.
std::vector<TlsaRecord> kinds_of(const HostReport& host) {
  std::vector<TlsaRecord> kinds;
  for (const RecordReport& each : host.records) {
    if (each.state == RecordState::unusable) continue;
    const auto is_known = [&](const TlsaRecord& kind) { return has_same_numbers(kind, each.record); };
    if (std::ranges::none_of(kinds, is_known)) kinds.push_back(each.record);
  }
  return kinds;
}

bool names_authorities(const NextKey& next) {
  return std::ranges::any_of(next.records, is_of_an_authority);
}

std::string why_not(const TlsaRecord& kind, const NextKey& next) {
  const std::string numbers = numbers_of(kind);
  if (next.file.empty()) {
    return fmt::format(
        "the set has records {} too, which the next key needs as well: give its certificate or key instead "
        "of a record",
        numbers);
  }
  if (is_of_an_authority(kind))
    return fmt::format("the set has records {}, and the file has no certificate of an authority", numbers);
  return fmt::format("the set has records {}, which take the next certificate itself: a key is not enough", numbers);
}

// RFC 7671 9: of one usage and selector clients use the strongest digest alone.
bool would_hide(const TlsaRecord& record, const HostReport& host) {
  if (record.matching_type != 2) return false;
  const auto is_in_use = [&](const RecordReport& each, std::uint8_t matching_type) {
    return each.record.usage == record.usage && each.record.selector == record.selector &&
           each.record.matching_type == matching_type && each.state == RecordState::current;
  };
  const auto any = [&](std::uint8_t type) {
    return std::ranges::any_of(host.records, [&](const RecordReport& each) { return is_in_use(each, type); });
  };
  return any(1) && !any(2);
}

// The record of the next key of this kind; of an authority that has one already, that one.
const TlsaRecord* record_of_kind(const TlsaRecord& kind, const NextKey& next, const HostReport& host) {
  const TlsaRecord* first = nullptr;
  for (const TlsaRecord& each : next.records) {
    if (!has_same_numbers(each, kind)) continue;
    const auto is_there = [&](const RecordReport& known) { return same_association(known.record, each); };
    if (std::ranges::any_of(host.records, is_there)) return &each;
    if (first == nullptr) first = &each;
  }
  return first;
}

}  // namespace

tl::expected<std::vector<TlsaRecord>, std::string> next_set(const HostReport& host, const NextKey& next) {
  std::vector<TlsaRecord> set;
  for (const TlsaRecord& kind : kinds_of(host)) {
    // A key alone says nothing of who will certify it: the records of authorities stay as they are.
    if (is_of_an_authority(kind) && !names_authorities(next) && !next.file.empty()) continue;
    const TlsaRecord* record = record_of_kind(kind, next, host);
    if (record == nullptr) return tl::unexpected(why_not(kind, next));
    set.push_back(*record);
    set.back().owner = kind.owner;
  }
  if (set.empty()) {
    // Another digest or selector, or nothing that clients can use.
    return tl::unexpected(host.records.empty() ? "it has no TLSA record: danewatch tlsa makes the first one"
                                               : "it has no TLSA record of a key that clients can use");
  }
  for (const TlsaRecord& each : next.file.empty() ? next.records : std::vector<TlsaRecord>()) {
    if (would_hide(each, host)) {
      return tl::unexpected(
          fmt::format("a record {} would hide the {} {} 1 in use from clients: publish {} of the present "
                      "key first",
                      numbers_of(each), each.usage, each.selector, numbers_of(each)));
    }
  }
  return set;
}

tl::expected<std::vector<TlsaRecord>, std::string> next_set_of_all(const HostReport& host,
                                                                   std::span<const NextKey> next) {
  std::vector<TlsaRecord> all;
  for (const NextKey& key : next) {
    auto set = next_set(host, key);
    if (!set) return set;
    for (TlsaRecord& each : *set) {
      const auto same = [&](const TlsaRecord& other) { return same_association(each, other); };
      if (std::ranges::none_of(all, same)) all.push_back(std::move(each));
    }
  }
  return all;
}

}  // namespace danewatch

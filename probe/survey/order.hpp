// In which order names are looked at, and by which machine: by a hash, so that no provider's customers come together.
//
// The same on every machine and for ever: shards and segments of a survey depend on it. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

// One of several machines that share a list.
struct Shard {
  std::uint64_t number = 1;  // from 1
  std::uint64_t of = 1;

  bool operator==(const Shard&) const = default;
};

Parsed<Shard> parse_shard(std::string_view text);  // "2/8"

std::uint64_t place_of(std::string_view name);
bool is_in(const Shard& shard, std::uint64_t place);

// Names are put aside by bucket before the first is looked at: two that are the same meet in one.
constexpr std::size_t bucket_count = 256;
std::size_t bucket_of(std::uint64_t place);

// Each line once, without those that are done, in the order in which they are looked at.
std::vector<std::string> in_order(std::vector<std::string> lines, const std::set<std::string>& done);

}  // namespace danewatch

#include "probe/survey/order.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace danewatch {
namespace {

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

Parsed<Shard> parse_shard(std::string_view text) {
  constexpr std::uint64_t most = 100'000;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return error_at(0, "must be I/N, such as 1/4");
  const auto number = number_in(text.substr(0, slash));
  const auto of = number_in(text.substr(slash + 1));
  if (!number || !of) return error_at(0, "must be I/N, such as 1/4");
  if (*of == 0 || *of > most) return error_at(slash + 1, "there must be 1 to 100000 shards");
  if (*number == 0 || *number > *of) return error_at(0, "shards count from 1 to N");
  return Shard{*number, *of};
}

// FNV-1a, and the finalizer of SplitMix64, because FNV's high bits hardly depend on the last octets.
std::uint64_t place_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  hash ^= hash >> 30;
  hash *= 0xbf58476d1ce4e5b9;
  hash ^= hash >> 27;
  hash *= 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

bool is_in(const Shard& shard, std::uint64_t place) {
  return (place & 0xffffffff) % shard.of == shard.number - 1;
}

std::size_t bucket_of(std::uint64_t place) {
  return static_cast<std::size_t>(place >> 56) % bucket_count;
}

std::vector<std::string> in_order(std::vector<std::string> lines, const std::set<std::string>& done) {
  std::ranges::sort(lines, {},
                    [](const std::string& line) { return std::pair(place_of(line), std::string_view(line)); });
  lines.erase(std::ranges::unique(lines).begin(), lines.end());
  std::erase_if(lines, [&](const std::string& line) { return done.contains(line); });
  return lines;
}

}  // namespace danewatch

// The RRsets of one reply, and their signatures held against the keys of its zone.
#include <algorithm>
#include <iterator>

#include "resolver/dns/name.hpp"
#include "resolver/wire/message.hpp"
#include "resolver/wire/records.hpp"
#include "resolver/wire/reply.hpp"

namespace danewatch::wire {
namespace {

constexpr std::size_t most_sets = 16;  // of what a hostile reply may make us compute

std::vector<Record> read_keys(const std::string& zone, std::span<const std::string> keys) {
  std::vector<Record> records;
  for (const std::string& key : keys) {
    auto read = read_zone((zone == "." ? zone : zone + ".") + " 1 IN DNSKEY " + key, ".");
    if (read) std::ranges::move(*read, std::back_inserter(records));
  }
  return records;
}

struct Set {
  std::string owner;
  RrType type = RrType::a;
  std::vector<Record> records;
  std::vector<Record> signatures;
};

// By owner and type, in the order of the message.
class Sets {
 public:
  Sets(std::string zone, SysTime now) : zone_(std::move(zone)), now_(now) {}

  void add(Record record, bool authority) {
    if (!is_at_or_below(record.owner, zone_)) return;
    const bool is_signature = record.type == rr_type_rrsig;
    const auto terms = is_signature ? read_signature(record.rdata, now_) : std::nullopt;
    if (is_signature && (!terms || terms->signer != zone_)) return;
    const RrType type = terms ? static_cast<RrType>(terms->covers) : record.type;
    if (authority && type == RrType::ns) return;
    if (Set* set = at(record.owner, type)) (is_signature ? set->signatures : set->records).push_back(std::move(record));
  }

  // Without the CNAME that a DNAME makes, which has no signature (RFC 6672 5.3.1).
  std::vector<Set> take() {
    const auto sets = sets_;
    std::erase_if(sets_, [&](const Set& set) {
      return set.records.empty() || (set.type == RrType::cname && std::ranges::any_of(sets, [&](const Set& other) {
                                       return other.type == RrType::dname && is_below(set.owner, other.owner);
                                     }));
    });
    return std::move(sets_);
  }

 private:
  Set* at(const std::string& owner, RrType type) {
    const auto found =
        std::ranges::find_if(sets_, [&](const Set& set) { return set.owner == owner && set.type == type; });
    if (found != sets_.end()) return &*found;
    return sets_.size() < most_sets ? &sets_.emplace_back(Set{owner, type, {}, {}}) : nullptr;
  }

  std::string zone_;
  SysTime now_;
  std::vector<Set> sets_;
};

}  // namespace

std::vector<SignedSet> check_signatures(Bytes bytes, const std::string& zone, std::span<const std::string> keys,
                                        SysTime now) {
  std::vector<SignedSet> result;
  auto message = read_records(bytes);
  if (!message) return result;
  const auto proven = read_keys(zone, keys);
  Sets sets(zone, now);
  for (Record& record : message->answer) sets.add(std::move(record), false);
  for (Record& record : message->authority) sets.add(std::move(record), true);
  for (const Set& set : sets.take()) {
    const auto worth = check_signatures(set.records, set.signatures, proven, now);
    result.push_back({set.owner, set.type, worth.check, worth.inception, worth.expires, worth.key_tag});
  }
  return result;
}

}  // namespace danewatch::wire

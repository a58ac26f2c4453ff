// Records as zones hold and signers sign them, and what their signatures are worth.
//
// As resolver/wire/wire.hpp: hostile text in, values out; reads no clock. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/answer.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch::wire {

inline constexpr auto rr_type_rrsig = static_cast<RrType>(46);

struct Record {
  std::string owner;  // as answers have names
  RrType type = RrType::a;
  std::uint32_t ttl = 0;
  std::vector<std::uint8_t> rdata;  // without compression

  bool operator==(const Record&) const = default;
};

// The records of a zone file, absolute as `origin` makes them until a $ORIGIN says otherwise. Of other classes than IN
// none. $INCLUDE is an error. The position of an error is a line number, from 1.
Parsed<std::vector<Record>> read_zone(std::string_view text, const std::string& origin);

// The records of a message in their order; of other classes than IN none.
struct MessageRecords {
  std::vector<Record> answer;
  std::vector<Record> authority;
};
Parsed<MessageRecords> read_records(std::span<const std::uint8_t> message);

// What the signatures over one RRset are worth at a time.
struct SignatureWorth {
  bool valid = false;
  std::string why;                   // not valid: in ldns's words, or "there is no signature"
  std::optional<SysTime> inception;  // of the valid one that lasts longest, or else of the last to end
  std::optional<SysTime> expires;
  std::optional<std::string> signer;
  std::optional<std::uint32_t> original_ttl;
};

// `signatures`: RRSIG records, of any RRset; those that cover this one count. `keys`: the zone's DNSKEY RRset.
SignatureWorth check_signatures(std::span<const Record> rrset, std::span<const Record> signatures,
                                std::span<const Record> keys, SysTime at);

// Whether one of the DS records is of this key.
bool is_named_by(const Record& key, std::span<const Record> ds);

}  // namespace danewatch::wire

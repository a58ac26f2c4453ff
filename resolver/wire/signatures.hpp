// What the signatures over one RRset are worth.
//
// Asks nobody and reads no clock: the keys are given and taken as proven, the time too. The work that hostile records
// may cause is bounded. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "resolver/wire/records.hpp"

namespace danewatch {

// Whether the signature of an RRset is right, its dates aside.
enum class SignatureCheck {
  missing,    // there is none
  unchecked,  // the keys of the zone are not proven, or their algorithm is beyond us
  no_key,     // of a key that is not among those of the zone
  wrong,
  right
};

namespace wire {

struct SignatureWorth {
  SignatureCheck check = SignatureCheck::missing;
  bool valid = false;                // right, and of this time
  std::string why;                   // not valid: in ldns's words, or "there is no signature"
  std::optional<SysTime> inception;  // of the one that counts
  std::optional<SysTime> expires;
  std::optional<std::string> signer;
  std::optional<std::uint32_t> original_ttl;
  std::uint16_t key_tag = 0;
  std::uint8_t labels = 0;  // of the owner as it was signed, without "*" and the root (RFC 4034 3.1.3)
};

// Of the signatures that cover the RRset one counts: valid before right before wrong, then what lasts longest. At most
// 8 of them are tried, and the first 16 keys. `signatures`: RRSIG records, of any RRset. `keys`: of one zone; a
// signature of another zone, or over a name outside it, is wrong (RFC 4035 5.3.1).
SignatureWorth check_signatures(std::span<const Record> rrset, std::span<const Record> signatures,
                                std::span<const Record> keys, SysTime at);

// Whether one of the DS records is of this key.
bool is_named_by(const Record& key, std::span<const Record> ds);

}  // namespace wire
}  // namespace danewatch

// DNS wire format and zone-file text, read with ldns into plain values.
//
// Everything here comes from the network or from a file and may lie: reading is bounded, and what does not parse
// becomes a value (a malformed Rdata, a ParseError, a record that is passed over), never an exception. Never asks
// the DNS and reads no clock. Thread rule: pure functions.
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

using Bytes = std::span<const std::uint8_t>;

// Presentation form to the form that resolver/dns/answer.hpp describes: "MX.Example.ORG." becomes
// "mx.example.org", every unusual octet becomes "\DDD". An error if it is no domain name (over 255 octets, empty
// label).
Parsed<std::string> canonical_name(std::string_view text);

// The uncompressed name at the start of `bytes`, and how many octets it takes.
struct NameAt {
  std::string name;
  std::size_t length = 0;
};
Parsed<NameAt> read_name(Bytes bytes);

// The name at `offset` of a whole message, compression pointers followed. `length` is what it takes there.
Parsed<NameAt> read_name(Bytes message, std::size_t offset);

// Presentation form to the uncompressed form of the wire, in lower case.
Parsed<std::vector<std::uint8_t>> name_to_wire(std::string_view text);

// RDATA without compression. A, AAAA, MX, SRV and TLSA become typed values, anything else is text only; what does not
// parse is malformed. TLSA never is: too short RDATA becomes a truncated TlsaRecord.
Rdata read_rdata(RrType type, const std::string& owner, Bytes rdata);

// What an answer message says beyond the data itself.
struct PacketFacts {
  int rcode = 0;
  bool truncated = false;  // TC: records are missing
  Denial denial = Denial::none;
  std::vector<Alias> aliases;
  std::string canonical_name;
  std::optional<std::uint32_t> ttl;
  std::optional<std::uint32_t> original_ttl;
  std::optional<SysTime> rrsig_inception;
  std::optional<SysTime> rrsig_expires;
  std::optional<std::string> signer;
  std::optional<std::string> wildcard;   // where the asked RRset stands in its zone if that is "*.NAME" (RFC 4592)
  bool opt_out = false;                  // a denial with NSEC3 records that have the opt-out flag (RFC 5155 6)
  std::optional<std::string> made_from;  // the asked CNAME was synthesized from the DNAME of this owner (RFC 6672 3.1)

  bool operator==(const PacketFacts&) const = default;
};

struct ReadOptions {
  Status status = Status::secure;  // signatures count where they were checked: not in an insecure answer
  SysTime now;
  std::uint32_t ttl_cap = UINT32_MAX;  // what our cache cuts TTLs to: an unsigned TTL as large as that is unknown
};

// Follows the alias chain from the question and collects times and TTLs of what the answer rests on: every alias
// step, the final RRset, and the SOA, NSEC and NSEC3 of the authority section (a denial or a wildcard's proof). TTL in
// force: RFC 4035 5.3.3 for a signed RRset, as received for an unsigned one, RFC 2308 5 for a denial; unknown
// when bogus. Of several signatures over one RRset the valid one that lasts longest counts.
Parsed<PacketFacts> read_packet(Bytes message, const Question& question, const ReadOptions& options);

// RDATA at `offset` of a whole message, its names without compression.
std::vector<std::uint8_t> plain_rdata(Bytes message, RrType type, std::size_t offset, std::size_t length);

// The asked records of a message: those of `canonical_name`, where the alias chain ends; `owner`: where they stand in
// their zone. None of what is no message.
std::vector<Rdata> read_data(Bytes message, const Question& question, const std::string& canonical_name,
                             const std::string& owner);

// Of the question, its status and what the message says: all that an Answer holds but for its data.
void add_facts(Answer& answer, PacketFacts facts);

// An answer read again from its message; `status` is what a validator said (not failed). An error where no validator
// can have said that of it.
Parsed<Answer> read_answer(Question question, Status status, Received received);

std::string ldns_version_in_use();

}  // namespace danewatch::wire

// One DNS question and what became of it.
//
// An Answer is a fact about the world: validation failure, silence and denial are values here and never exceptions.
// Names are in presentation form, lower case, without the trailing dot ("." is the root); octets outside letters,
// digits, "-" and "_" stay escaped as in zone files, so a name holds no control characters. Thread rule: values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/record.hpp"

namespace danewatch {

using SysTime = std::chrono::sys_seconds;
using Deadline = std::chrono::steady_clock::time_point;

// DNSSEC state of an answer (RFC 4035 4.3, as DNS clients of RFC 7672 2.1.1 need it).
// `failed`: no usable answer came from any server, or none in time; see Failure.
enum class Status { secure, insecure, bogus, failed };

// Why an answer is `failed`; local: our resolver, not the world.
enum class Failure { none, servfail, timeout, malformed, local };
enum class Denial { none, nodata, nxdomain };

// One step of an alias chain, in the order followed. A DNAME step carries the synthesized name.
struct Alias {
  std::string from;
  std::string to;
  RrType type = RrType::cname;
  std::optional<std::string> wildcard{};  // "*.NAME": where the alias stands, if it was made from that (RFC 4592)

  bool operator==(const Alias&) const = default;
};

// The message that an answer was read from, and what else its reading hung on.
struct Received {
  std::vector<std::uint8_t> packet;
  SysTime at{};                        // when it was read
  std::uint32_t ttl_cap = UINT32_MAX;  // what the cache it came from cuts TTLs to

  bool operator==(const Received&) const = default;
};

struct Answer {
  Question question;
  Status status = Status::failed;
  Failure failure = Failure::none;
  std::optional<int> rcode;  // unknown where no packet came
  Denial denial = Denial::none;
  std::vector<Rdata> data;  // of the asked type, at the end of the alias chain
  std::vector<Alias> aliases;
  std::string canonical_name;                 // the last alias' target, or the question's name
  std::optional<std::uint32_t> ttl;           // in force, seconds: min(TTL, original TTL, expiry - now), RFC 4035 5.3.3
  std::optional<std::uint32_t> original_ttl;  // the smallest of the signed RRsets used
  std::optional<SysTime> rrsig_inception;     // the latest of the signatures used
  std::optional<SysTime> rrsig_expires;       // the earliest of the signatures used
  std::optional<std::string> signer;    // zone that signed the final RRset or denial; if insecure, claims to: no proof
  std::optional<std::string> wildcard;  // "*.NAME": where `data` stands, if it was made from that (RFC 4592)
  bool opt_out = false;                 // a denial by NSEC3 records that prove none (RFC 5155 9.2)
  std::string why_bogus;                // libunbound's words; empty unless bogus
  bool diagnostic = false;              // asked to explain, cannot change a verdict
  std::optional<Received> received{};   // where messages are kept, and this one is all that the answer rests on

  bool operator==(const Answer&) const = default;
};

// Of an answer to a CNAME question: where the alias leads; nothing where there is none.
std::optional<std::string> alias_target(const Answer& answer);

std::string_view to_string(Status status);
std::string_view to_string(Failure failure);
std::string_view to_string(Denial denial);
std::string rcode_name(int rcode);  // "NOERROR", "NXDOMAIN", "RCODE23"

}  // namespace danewatch

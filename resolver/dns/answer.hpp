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
#include <variant>
#include <vector>

#include "resolver/dns/address.hpp"
#include "resolver/dns/tlsa.hpp"

namespace danewatch {

using SysTime = std::chrono::sys_seconds;
using Deadline = std::chrono::steady_clock::time_point;

// DNSSEC state of an answer (RFC 4035 4.3, as DNS clients of RFC 7672 2.1.1 need it).
// `failed`: no usable answer came from any server, or none in time; see Failure.
enum class Status { secure, insecure, bogus, failed };

// Why an answer is `failed`; local: our resolver, not the world.
enum class Failure { none, servfail, timeout, malformed, local };
enum class Denial { none, nodata, nxdomain };

enum class RrType : std::uint16_t {
  a = 1,
  ns = 2,
  cname = 5,
  soa = 6,
  mx = 15,
  txt = 16,
  aaaa = 28,
  srv = 33,
  dname = 39,
  ds = 43,
  dnskey = 48,
  tlsa = 52
};

struct Question {
  std::string name;
  RrType type = RrType::a;

  bool operator==(const Question&) const = default;
};

struct Mx {
  std::uint16_t preference = 0;
  std::string host;  // "." is the null MX (RFC 7505)

  bool operator==(const Mx&) const = default;
};

struct Srv {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  std::string target;  // "." means: decidedly not available (RFC 2782)

  bool operator==(const Srv&) const = default;
};

// One record's data. `value` is monostate for types nobody interprets here and for RDATA that does
// not parse (then `malformed` is true); `text` is always the presentation form ("\# N HEX" if need be).
struct Rdata {
  std::variant<std::monostate, Address, Mx, Srv, TlsaRecord> value;
  std::string text;
  bool malformed = false;

  bool operator==(const Rdata&) const = default;
};

// One step of an alias chain, in the order followed. A DNAME step carries the synthesized name.
struct Alias {
  std::string from;
  std::string to;
  RrType type = RrType::cname;
  std::optional<std::string> wildcard{};  // "*.NAME": where the alias stands, if it was made from that (RFC 4592)

  bool operator==(const Alias&) const = default;
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

  bool operator==(const Answer&) const = default;
};

std::optional<std::string> alias_target(const Answer& answer);  // of a CNAME question: where the alias leads

std::string_view to_string(Status status);
std::string_view to_string(Failure failure);
std::string_view to_string(Denial denial);
std::string to_string(RrType type);  // "TLSA", "TYPE65280"
std::string rcode_name(int rcode);   // "NOERROR", "NXDOMAIN", "RCODE23"

}  // namespace danewatch

// What is asked for, and the data of one record that came.
//
// Names are as in resolver/dns/answer.hpp. Thread rule: values.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "resolver/dns/address.hpp"
#include "resolver/dns/tlsa.hpp"

namespace danewatch {

enum class RrType : std::uint16_t {
  a = 1,
  ns = 2,
  cname = 5,
  soa = 6,
  mx = 15,
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

std::string to_string(RrType type);  // "TLSA", "TYPE65280"

}  // namespace danewatch

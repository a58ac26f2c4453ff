// What the operator asked for, parsed.
//
// Forms: "example.org" (mail domain), "mail.example.org:25,443" (host, one Target per
// port), "smtp://h", "imaps://h:993", "https://h" (host), "_imaps._tcp.example.org" (SRV),
// "xmpp-client://d" (SRV first), "192.0.2.1:25", "[2001:db8::1]:25". Never asks the DNS.
// Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/address.hpp"
#include "resolver/dns/name.hpp"
#include "resolver/dns/parse_error.hpp"
#include "resolver/target/services.hpp"

namespace danewatch {

enum class TargetKind { mail_domain, host, srv, srv_then_host, address_literal };

struct Target {
  std::string text;  // as the operator wrote it (one port each), for display and as `target` in JSON
  TargetKind kind = TargetKind::mail_domain;
  std::string name;     // A-label form, lower case, no trailing dot; for srv the service domain; empty for a literal
  std::string unicode;  // U-label form for display; equals name where there is nothing to decode
  const Service* service = &smtp_service();
  std::uint16_t port = 25;
  std::string srv_owner;           // "_imaps._tcp.example.org" for srv kinds, else empty
  std::optional<Address> address;  // connect here instead of to the name's addresses (--ip), or the literal

  bool operator==(const Target&) const = default;
};

struct TargetOptions {
  std::optional<std::string> name;  // --name: the name an address literal stands for
  std::optional<Address> address;   // --ip
};

// One target per port. Errors name the part that is wrong: user info, empty or over-long label,
// name over 253 octets, port 0 or over 65535, unknown scheme, control characters, bad IDN.
Parsed<std::vector<Target>> parse_targets(std::string_view text, const TargetOptions& options = {});

}  // namespace danewatch

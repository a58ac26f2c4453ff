// What `danewatch doctor` concludes from what it saw: can this machine look at all, and if not, why not?
//
// Asks nothing and prints nothing. Thread rule: values and a pure function.
#pragma once

#include <string>
#include <vector>

#include "probe/judgement/known_faults.hpp"
#include "probe/report/verdict.hpp"
#include "resolver/servers/server_path.hpp"

namespace danewatch {

struct PortTry {
  Address address;
  Contact contact = Contact::silent;

  bool operator==(const PortTry&) const = default;
};

// A host that the operator named.
struct HostTry {
  std::string name;                // A-labels, or an address
  Status status = Status::secure;  // of its addresses
  std::vector<PortTry> tries;      // port 25 of each address; none: it has no address

  bool operator==(const HostTry&) const = default;
};

struct CheckupFacts {
  SysTime now;
  std::string trust_anchor;  // a path, or "built-in"
  Answer root;               // ". DNSKEY", validated
  bool ipv6_route = false;   // a way out by IPv6, whether or not anybody answers
  std::vector<ServerPath> servers;
  std::vector<HostTry> hosts;
  std::vector<LibraryInUse> libraries;
};

struct CheckupItem {
  std::string topic;  // "trust anchor", "DNS by UDP", "DNS by TCP", "clock", "IPv6", "port 25", or a library
  Severity severity = Severity::ok;
  std::string text;  // a sentence
  std::string fix;   // what to do; empty: nothing

  bool operator==(const CheckupItem&) const = default;
};

struct Checkup {
  Severity severity = Severity::ok;  // the worst
  std::string trust_anchor;
  std::vector<CheckupItem> items;
};

Checkup examine(const CheckupFacts& facts);

}  // namespace danewatch

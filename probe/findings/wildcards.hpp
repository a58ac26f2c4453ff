// Inner: where a TLSA record can be published without taking something else away.
//
// A record below a name makes that name exist, and a name that exists gets nothing from a wildcard (RFC 4592 2.2.1,
// 2.2.2). Below a DNAME record no record can stand at all (RFC 6672 2.4). Thread rule: pure functions.
#pragma once

#include <string>

#include "probe/report/report.hpp"

namespace danewatch {

// Nobody wrote this alias for this name: it was made from a wildcard or from a DNAME record.
bool is_made_up(const Alias& alias);

struct PublishingPlace {
  std::string owner;      // "_25._tcp.mx.example.org"
  std::string reason;     // why there, or what must come first: sentences with a space before them, or nothing
  std::string before_it;  // what must be done first, in the imperative; empty: nothing
};
PublishingPlace publishing_place(const HostReport& host);

// For a host without addresses: the wildcard that would give it some if no record stood below its name.
struct HiddenWildcard {
  std::string reason;     // a sentence with a space before it, or nothing
  std::string addresses;  // "A 192.0.2.1"
};
HiddenWildcard hidden_wildcard(const HostReport& host);

}  // namespace danewatch

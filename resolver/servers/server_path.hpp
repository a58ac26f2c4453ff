// Pure: what one name server lets through: its answers to ". DNSKEY" by UDP and by TCP, without libunbound in between.
//
// Never validates: a signature is only seen to be there. Thread rule: values.
#pragma once

#include <cstddef>
#include <optional>

#include "resolver/dns/address.hpp"
#include "resolver/dns/answer.hpp"

namespace danewatch {

// How a server took a connection or a question.
enum class Contact {
  answered,
  refused,      // a reset or an ICMP message
  silent,       // nothing came in time
  unreachable,  // this machine has no way there
  malformed     // what came is no answer
};

struct Exchange {
  Contact contact = Contact::silent;
  int rcode = 0;
  bool truncated = false;
  std::size_t octets = 0;
  std::optional<SysTime> inception;  // of the signature of the keys; none: they came without one
  std::optional<SysTime> expires;

  bool operator==(const Exchange&) const = default;
};

struct ServerPath {
  Address address;
  std::uint16_t port = 53;
  bool forwarder = false;  // a resolver the operator named, not a server of the root
  Exchange udp;
  Exchange tcp;

  bool operator==(const ServerPath&) const = default;
};

}  // namespace danewatch

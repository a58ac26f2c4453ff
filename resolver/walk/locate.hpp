// From a target to the hosts, addresses and TLSA records that decide about it.
//
// Follows RFC 7672 2 (mail), RFC 7673 3 (SRV) and RFC 7671 7 (base domain): addresses before TLSA, no
// TLSA query for an insecure host, a failed TLSA lookup ends the host and the second candidate is
// not tried. Works on the Resolver interface alone. Never connects, never judges TLS.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>

#include "resolver/clock.hpp"
#include "resolver/resolver.hpp"
#include "resolver/walk/dns_evidence.hpp"

namespace danewatch {

struct LocateOptions {
  bool ipv4 = true;  // look at IPv4 addresses; both families are always asked for
  bool ipv6 = true;
  std::size_t max_hosts = 16;
  std::size_t max_addresses_per_family = 8;  // per host
  std::size_t max_records = 100;             // per host
  std::size_t max_full_records = 16;         // matching type 0, per host
  bool diagnostics = true;
  bool unvalidated = true;  // among them what resolvers without validation are told: costs a second libunbound
};

// Never throws for a DNS fact; at the deadline, by the clock it is given, returns what it has, the rest `not_run` or
// `timeout`. Before anything is said to be bogus or failed, ". DNSKEY" is asked: if the root cannot be proven,
// `located` (of target and hosts) is no_network or trust_anchor instead.
boost::asio::awaitable<DnsEvidence> locate(Resolver& resolver, const Clock& clock, Target target, LocateOptions options,
                                           Deadline deadline);

// Asks what may explain a bad result: TLSA of an insecure host, "_tcp.H" and "_PORT._tcp.H" A,
// "_tcp.H" A as resolvers see it that do not validate (kept where they are told NXDOMAIN), the aliases of a name that
// gets no answer, one by one, DS and DNSKEY of the signers. Appends lookups marked diagnostic, changes nothing else.
boost::asio::awaitable<void> diagnose(Resolver& resolver, const Clock& clock, DnsEvidence& evidence,
                                      LocateOptions options, Deadline deadline);

// Asks what may explain a report, side by side; the answers are marked diagnostic. What got no answer in time is left
// out.
boost::asio::awaitable<std::vector<Answer>> ask_to_explain(Resolver& resolver, const Clock& clock,
                                                           std::vector<Question> questions, LocateOptions options,
                                                           Deadline deadline);

// The same without validation and from another cache, so that other name servers may answer: for hints alone.
boost::asio::awaitable<std::vector<Answer>> ask_elsewhere(Resolver& resolver, const Clock& clock,
                                                          std::vector<Question> questions, LocateOptions options,
                                                          Deadline deadline);

}  // namespace danewatch

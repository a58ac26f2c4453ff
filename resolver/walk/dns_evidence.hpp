// Pure: what the DNS says about a target: every answer used, and what follows for each host.
//
// Facts and the RFC's walk over them; never a verdict about TLS. Thread rule: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/answer.hpp"
#include "resolver/target/target.hpp"

namespace danewatch {

// Where the walk ended, for the target as a whole or for one host (RFC 7672 2, RFC 7673 3).
enum class Located {
  dane,             // a secure TLSA RRset exists: TLS is required
  no_tlsa,          // secure denial at every candidate base domain
  insecure,         // an insecure step: DANE does not apply
  insecure_mx,      // of the target: hosts were walked, but anyone could have named them (RFC 7672 2.2.1)
  insecure_srv,     // RFC 7673 3.1
  algorithm,        // insecure to our resolver alone: it does not know the algorithm that the zone is signed with
  address_literal,  // no name, no DANE (RFC 7672 2.2)
  no_service,       // null MX (RFC 7505) or SRV target "." (RFC 2782)
  bogus,            // validation failed: senders defer
  servfail,
  timeout,
  malformed,      // a lookup the walk needs gave no answer
  nxdomain,       // the name does not exist; also an SRV name that has no record
  no_address,     // neither A nor AAAA
  local_failure,  // our resolver failed, not the world
  no_network,     // the root did not answer: we cannot look
  trust_anchor,   // the root answered but the anchor does not prove it
  not_run,        // deadline or cancellation came first
};

// It was us who could not look.
constexpr bool cannot_look(Located located) {
  return located == Located::no_network || located == Located::trust_anchor || located == Located::local_failure;
}

// A cut that our own limits made; becomes the finding limits-reached.
struct Cut {
  std::string what;  // "hosts", "addresses", "records", "full records"
  std::size_t kept = 0;
  std::size_t found = 0;

  bool operator==(const Cut&) const = default;
};

struct HostAddress {
  Address address;
  Status status = Status::insecure;  // of the RRset it came from

  bool operator==(const HostAddress&) const = default;
};

struct HostEvidence {
  std::string host;     // as named by MX, SRV or the operator; A-labels
  std::string unicode;  // for display
  std::uint16_t port = 25;
  std::optional<std::uint16_t> preference;  // MX preference or SRV priority
  std::optional<std::uint16_t> weight;      // SRV only
  Located located = Located::not_run;
  std::string base_domain;         // TLSA base domain (RFC 7671 7); the host itself until a TLSA RRset says otherwise
  std::vector<std::string> names;  // reference identifiers, base domain first (RFC 7672 3.2.2, RFC 7673 4.2)
  std::vector<HostAddress> addresses;  // to look at: never those of a bogus answer
  std::vector<TlsaRecord> tlsa;        // of the RRset that decides; empty unless located == dane
  std::uint32_t tlsa_total = 0;        // before our limit
  std::vector<Answer> lookups;         // in the order asked, diagnostic ones last
  std::vector<Cut> cuts;
  std::size_t excluded_addresses = 0;  // known, but left out because the operator asked for others (-4, -6, --ip)

  bool operator==(const HostEvidence&) const = default;
};

// Of the target as a whole.
struct DnsWalk {
  Located located = Located::not_run;    // dane: go by the hosts alone (whatever they came to)
  bool implicit_mx = false;              // RFC 5321 5.1
  bool null_mx_beside_others = false;    // RFC 7505 3: MUST NOT
  std::optional<Status> service_status;  // of the MX or SRV RRset (or its denial)
  std::vector<Answer> lookups;           // MX or SRV, the domain's alias, ". DNSKEY"
  std::vector<Cut> cuts;

  bool operator==(const DnsWalk&) const = default;
};

// What the walk is, and the hosts it led to.
struct DnsEvidence : DnsWalk {
  std::vector<HostEvidence> hosts;  // by preference, then as received

  bool operator==(const DnsEvidence&) const = default;
};

}  // namespace danewatch

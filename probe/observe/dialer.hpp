// Connects to one address and looks at its certificates (interface).
//
// Observes, never judges: verifies nothing, sends nothing confidential, resumes no session. Never
// throws for a fact about the peer. Thread rule: used from the thread of its executor only; many
// observations may be in flight, the caller keeps them to one per address.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "probe/evidence/tls_evidence.hpp"
#include "resolver/target/services.hpp"

namespace danewatch {

struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  const Service* service = &smtp_service();
  std::string sni;     // the TLSA base domain (RFC 7672 8.1); empty: send none
  std::string domain;  // what the dialogue asks for where it asks (XMPP stream `to`)

  bool operator==(const Endpoint&) const = default;
};

class Dialer {
 public:
  Dialer() = default;
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;
  virtual ~Dialer() = default;

  // The evidence is of the default view: its caller knows what another offer was made for.
  virtual boost::asio::awaitable<TlsEvidence> observe(Endpoint endpoint, Families offer, Deadline deadline) = 0;
};

}  // namespace danewatch

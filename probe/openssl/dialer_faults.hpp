// Inner: what an errno or an OpenSSL error means in our vocabulary.
//
// Thread rule: OpenSSL's error queue is per thread; otherwise pure.
#pragma once

#include <string>

#include "probe/evidence/tls_evidence.hpp"
#include "probe/openssl/dialer_bio.hpp"
#include "probe/openssl/handle.hpp"

namespace danewatch {

struct TransportFault {
  Fault fault = Fault::none;
  std::string error;

  bool operator==(const TransportFault&) const = default;
};

// A failed socket() or connect(). `have_route`: whether this machine knows a way to the address at all.
TransportFault connect_fault(int error, bool v6, bool have_route);

// A failed recv() or send() on a connected socket.
TransportFault stream_fault(int error);

// A handshake that failed: reads and empties OpenSSL's error queue.
TransportFault handshake_fault(const SSL* ssl, const SocketTransport& transport);

// The fatal alert at the head of OpenSSL's error queue, which is emptied; `none` if there is no alert.
TransportFault received_alert();

}  // namespace danewatch

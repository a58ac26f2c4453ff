// Inner: the transport under TLS: a non-blocking socket as an OpenSSL BIO.
//
// Does what BIO_s_socket does and three things more: never raises SIGPIPE, notices plain text instead of TLS in the
// first octets, and reads a bounded number of octets per turn (a server that floods handshake messages would else keep
// OpenSSL reading forever, past every deadline). Thread rule: one connection, one owner.
#pragma once

#include <cstddef>
#include <string>

#include "probe/openssl/handle.hpp"

namespace danewatch {

struct SocketTransport {
  int descriptor = -1;
  std::size_t budget = 0;  // octets that may still be read in this turn
  int error = 0;           // errno of the call that failed for good
  bool eof = false;
  bool started = false;    // the first octets were looked at
  std::string plain_text;  // what came instead of TLS: its beginning

  static constexpr std::size_t budget_per_turn = 262144;
};

// The BIO refers to `transport`, which must outlive it. Throws std::runtime_error if OpenSSL has no memory.
BioPtr make_socket_bio(SocketTransport& transport);

}  // namespace danewatch

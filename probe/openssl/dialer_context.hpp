// Inner: how our TLS client looks: one SSL_CTX for all connections, one SSL per connection.
//
// Verifies nothing, resumes nothing, shows no certificate of its own, talks to TLS 1.0 and weak keys too: what is
// wrong with them is judged later. Thread rule: the SSL_CTX may be shared; an SSL has one owner.
#pragma once

#include <string>

#include "probe/evidence/tls_evidence.hpp"
#include "probe/openssl/handle.hpp"

namespace danewatch {

// What a handshake shows by the way.
struct HandshakeNotes {
  bool asked_for_certificate = false;  // a client's
  unsigned hello_requests = 0;
  unsigned records = 0;
};

// What a server sends without end instead of going on; null: nothing. Each would keep OpenSSL busy up to the limit.
const char* flood_in(const HandshakeNotes& notes);

// Throws std::runtime_error if OpenSSL cannot be set up.
SslCtxPtr make_client_context();

// A client that makes this offer; an empty `sni` sends none. `notes` must outlive the SSL. Throws std::runtime_error if
// OpenSSL has no memory.
SslPtr make_client(SSL_CTX* context, const Families& offer, const std::string& sni, HandshakeNotes& notes);

// Of the handshake so far; nothing before a version was agreed on.
TlsParameters parameters_of(SSL* ssl);

// The chain as sent, leaf first, at most 30; readable also after a failed handshake (rows.md E-03, E-04).
std::vector<Certificate> chain_of(const SSL* ssl);

}  // namespace danewatch

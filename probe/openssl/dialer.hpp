// The Dialer on plain sockets and OpenSSL.
//
// SSL_VERIFY_NONE, no resumption, no client certificate, TLS 1.0 and up, every cipher suite with a certificate:
// observes, never judges.
// Thread rule: as Dialer.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "probe/observe/dialer.hpp"

namespace danewatch {

// How long to wait for what. A server may take its time before it greets (RFC 5321 4.5.3.2.1 allows five minutes, and
// delays of 5 to 20 s keep spammers away), so all of them grow with the time that the run has left.
struct TimeLimits {
  std::chrono::milliseconds connect;
  std::chrono::milliseconds dialogue;
  std::chrono::milliseconds handshake;

  bool operator==(const TimeLimits&) const = default;
};

struct DialerOptions {
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds dialogue_timeout{10000};
  std::chrono::milliseconds handshake_timeout{5000};
  bool patient = true;  // false: these limits whatever time the run has left
  std::string helo;     // EHLO name; empty: the FQDN if it has a dot and is not localhost, else an address literal
  std::chrono::milliseconds farewell_timeout{250};  // for the peer's last words, when all is known
};

// Of a connection that begins when the run has so much time left; never less than the options say.
TimeLimits limits_of(const DialerOptions& options, std::chrono::milliseconds left);

std::string openssl_version();  // of the OpenSSL in use

class OpensslDialer final : public Dialer {
 public:
  // Throws std::runtime_error if OpenSSL cannot be set up.
  OpensslDialer(boost::asio::any_io_executor executor, DialerOptions options);
  ~OpensslDialer() override;

  boost::asio::awaitable<TlsEvidence> observe(Endpoint endpoint, Families offer, Deadline deadline) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace danewatch

// The Dialer on plain sockets and OpenSSL.
//
// SSL_VERIFY_NONE, no resumption, no client certificate, TLS 1.0 and up, DEFAULT:@SECLEVEL=0: observes, never judges.
// Thread rule: as Dialer.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "probe/observe/dialer.hpp"

namespace danewatch {

struct DialerOptions {
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds dialogue_timeout{10000};
  std::chrono::milliseconds handshake_timeout{5000};
  std::string helo;  // EHLO name; empty: the FQDN if it has a dot and is not localhost, else an address literal
  std::chrono::milliseconds farewell_timeout{250};  // for the peer's last words, when all is known
};

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

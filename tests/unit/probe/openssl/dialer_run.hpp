// Runs the dialer against an in-process server and hands back what it saw.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>

#include "probe/openssl/dialer.hpp"
#include "tests/support/tls_server.hpp"

namespace danewatch {

struct DialerRun {
  std::string service = "smtp";
  Families offer;
  std::string sni = "mx.example.org";
  DialerOptions options = generous();
  std::chrono::milliseconds deadline = std::chrono::minutes(2);

  // No limit that a slow test machine could meet; a test of a limit makes that one limit small.
  static DialerOptions generous() {
    DialerOptions options;
    options.connect_timeout = options.dialogue_timeout = options.handshake_timeout = std::chrono::minutes(1);
    options.farewell_timeout = std::chrono::minutes(1);
    options.helo = "probe.example.net";
    options.patient = false;
    return options;
  }

  Endpoint endpoint(const Address& address, std::uint16_t port) const {
    Endpoint endpoint;
    endpoint.address = address;
    endpoint.port = port;
    endpoint.service = find_service(service);
    endpoint.sni = sni;
    endpoint.domain = "example.org";
    return endpoint;
  }

  TlsEvidence at(const Address& address, std::uint16_t port) const {
    boost::asio::io_context io;
    OpensslDialer dialer(io.get_executor(), options);
    TlsEvidence evidence;
    const auto until = std::chrono::steady_clock::now() + deadline;
    auto observation = dialer.observe(endpoint(address, port), offer, until);
    boost::asio::co_spawn(io, std::move(observation), [&](std::exception_ptr error, TlsEvidence seen) {
      EXPECT_EQ(error, nullptr);
      evidence = std::move(seen);
    });
    io.run();
    return evidence;
  }

  TlsEvidence at(const TlsServer& server) const { return at(server.address(), server.port()); }
};

struct Outcome {
  Stage stage;
  Fault fault;
  std::string error;
  std::size_t chain = 0;  // certificates shown

  bool operator==(const Outcome&) const = default;
};

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << to_string(outcome.stage) << '/' << to_string(outcome.fault) << " \"" << outcome.error << "\" with "
       << outcome.chain << " certificates";
}

inline Outcome outcome_of(const TlsEvidence& evidence) {
  return {evidence.stage, evidence.fault, evidence.error, evidence.chain.size()};
}

inline ShownChain chain_named(std::string name, pki::KeyType type = pki::KeyType::ecdsa_p256) {
  pki::CertificateSpec spec;
  spec.common_name = name;
  spec.dns_names = {std::move(name)};
  return {pki::issue(spec, nullptr, pki::make_key(type)), {}};
}

inline TlsSetup setup_with(ShownChain chain) {
  TlsSetup setup;
  setup.chains.push_back(std::move(chain));
  return setup;
}

inline TlsSetup plain_setup() {
  return setup_with(chain_named("mx.example.org"));
}

}  // namespace danewatch

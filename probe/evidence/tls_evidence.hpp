// What one address showed on one view: how far we got, and the chain as sent.
//
// Facts only. Text that came from the network is kept as received (octets), bounded in length;
// exporters escape it. Thread rule: values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probe/evidence/check_load.hpp"
#include "probe/evidence/fault.hpp"
#include "probe/evidence/look.hpp"
#include "resolver/dns/address.hpp"
#include "resolver/dns/answer.hpp"

namespace danewatch {

struct Certificate {
  std::vector<std::uint8_t> der;
  std::string subject;  // RFC 2253 form
  std::string issuer;
  std::string subject_cn;
  std::string issuer_cn;
  std::string serial;  // hex
  SysTime not_before{};
  SysTime not_after{};
  std::string sha256;       // of the certificate, lower-case hex
  std::string spki_sha256;  // of its SubjectPublicKeyInfo
  std::string spki_sha512;
  std::vector<std::string> names;  // DNS names of subjectAltName
  std::string key;                 // "rsa-2048", "ecdsa-p256", "ed25519"
  std::string error;               // why it does not parse; then only der and sha256 are set
  CheckLoad load;                  // what checking something with it costs

  bool operator==(const Certificate&) const = default;
};

struct TlsParameters {
  std::string version;  // "TLSv1.3"
  std::string cipher;
  std::string group;  // empty: unknown
  std::string key;    // of the leaf, as Certificate::key

  bool operator==(const TlsParameters&) const = default;
};

struct Timings {  // milliseconds; unknown where the stage was not finished
  std::optional<double> connect;
  std::optional<double> starttls;
  std::optional<double> handshake;

  bool operator==(const Timings&) const = default;
};

struct TlsEvidence {
  Address address;
  std::uint16_t port = 0;
  View view = View::standard;
  Stage stage = Stage::not_started;  // the one we were in when it ended
  Fault fault = Fault::not_run;
  std::string error;  // for people: the peer's reply line, the alert's name, errno's text; ≤ 512 octets
  Refusal refusal = Refusal::unspecified;
  std::string heard;  // of the reply that did not end, or that made STARTTLS impossible; ≤ 512 octets
  std::string slip;   // a reply that breaks the protocol, and after which the dialogue went on; ≤ 512 octets
  std::string helo;   // the name we gave in EHLO; empty: we did not come to it, or the protocol has none
  std::chrono::milliseconds waited{0};  // Fault::timeout: how long, in that stage
  std::optional<TlsParameters> tls;
  std::vector<Certificate> chain;  // as sent, leaf first; kept also when the handshake failed later
  // On the standard view only.
  std::vector<View> absent_views;      // views on which the server has no other certificate
  std::vector<View> unobserved_views;  // views that could not be looked at
  LookEnd unobserved_by;               // what kept us from the first of those
  bool client_certificate_requested = false;
  bool closed_uncleanly = false;        // right after the handshake, without a word or a close_notify (RFC 8446 6.1)
  bool starttls_offered_again = false;  // inside TLS, where the protocol let us hear it (RFC 9051 6.2.1, RFC 4642 2.2)
  int attempts = 0;
  Timings timings;

  bool operator==(const TlsEvidence&) const = default;
};

// A chain was received, so it can be matched whatever happened later.
bool shows_chain(const TlsEvidence& evidence);

// It asked for a client's certificate and ended the handshake when none came; its own chain was shown before that.
bool insists_on_client_certificate(const TlsEvidence& evidence);

}  // namespace danewatch

// The words for one look at a server: on which view, how far it got, and what ended it.
//
// Facts only. Thread rule: values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace danewatch {

// Which face of the server we look at: the family of signatures it then shows, no SNI, or what a second connection on
// the default view shows where that is another certificate: behind a load balancer servers take turns.
enum class View { standard, rsa, rsa_pss, ecdsa, ed25519, ed448, no_sni, second };  // `standard` is spelled "default"

// The families of signatures that a client offers (`rsa` to `ed448`); none: whatever OpenSSL offers by default.
using Families = std::vector<View>;

enum class Stage { not_started, connect, greeting, starttls, handshake, done };

// What ended the conversation at `stage`. `none` with Stage::done means the handshake completed.
enum class Fault {
  none,
  refused,
  unreachable,
  timeout,
  reset,
  eof,          // transport
  reply,        // greeting 4xx/5xx or its like in another protocol
  not_offered,  // STARTTLS is not among the capabilities, or EHLO refused
  starttls_refused,
  injected,  // plain text after the go-ahead
  malformed,
  too_long,  // the peer broke its protocol
  alert,
  no_common_version,
  plaintext,  // handshake: TLS alert, version, not TLS at all
  tls_error,  // handshake failed otherwise
  no_ipv6,
  no_descriptor,
  local,  // limits of ours: nothing is known about the peer
  not_run,
};

// Where a look ended and by what, in the peer's or the system's words.
struct LookEnd {
  Stage stage = Stage::not_started;
  Fault fault = Fault::none;
  std::string error;  // as TlsEvidence::error

  bool operator==(const LookEnd&) const = default;
};

std::string_view to_string(View view);
std::string_view to_string(Stage stage);
std::string_view to_string(Fault fault);

}  // namespace danewatch

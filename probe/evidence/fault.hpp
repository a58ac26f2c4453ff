// How far a conversation with a server came, and what ended it.
//
// Never a verdict: whether a fault is the server's or ours is told apart, what follows from it is not. Thread rule:
// values.
#pragma once

#include <string_view>

namespace danewatch {

enum class Stage { not_started, connect, greeting, starttls, handshake, done };

// What ended the conversation at `stage`. `none` with Stage::done means the handshake completed.
enum class Fault {
  none,
  refused,
  unreachable,
  timeout,
  reset,
  eof,          // transport
  reply,        // it refuses us, not TLS: greeting 4xx/5xx or its like in another protocol; see Refusal
  not_offered,  // STARTTLS is not among the capabilities, or EHLO unknown
  starttls_refused,
  injected,  // plain text after the go-ahead
  malformed,
  too_long,  // the peer broke its protocol
  alert,
  no_common_version,
  unrecognized_name,  // the alert of a server that insists on another server name (RFC 6066 3)
  plaintext,          // handshake: TLS alert, version, not TLS at all
  tls_error,          // handshake failed otherwise
  no_ipv6,
  no_descriptor,
  too_large,  // its certificate message is beyond what we take
  local,      // limits of ours: nothing is known about the peer
  not_run,
};

// What a Fault::reply says of us.
enum class Refusal {
  unspecified,  // not now, or not us: it does not say
  later,        // come again
  us,           // our address, or the name we gave
  elsewhere,    // a redirection; the peer's words say where
  not_here      // it does not serve the name we asked for
};

std::string_view to_string(Stage stage);
std::string_view to_string(Fault fault);

}  // namespace danewatch

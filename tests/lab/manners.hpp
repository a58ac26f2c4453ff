// How a server of the lab departs from good manners (rows.md E-01 to E-30): what it does wrong, and when it ends.
//
// The words of scenes.yaml stand in scene.cpp. Thread rule: values.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/server_tls.hpp"

namespace danewatch::lab {

enum class Trick {
  none,
  mute,                // accepts and says nothing
  drip,                // an octet a second
  endless,             // a greeting of lines without end
  long_line,           // a greeting of one line of 5 MB
  noise,               // random octets instead of a greeting
  mute_handshake,      // no answer to the ClientHello
  plain_handshake,     // plain text instead of a ServerHello
  alert,               // a fatal alert instead of a ServerHello
  broken_certificate,  // its certificate does not parse; up to TLS 1.2
  name_warning,        // unrecognized_name as a warning (RFC 6066 3); up to TLS 1.2
  hello_requests       // a flood of HelloRequests instead of a ServerHello
};

enum class Ending { none, close, half_close, reset };
enum class Moment {
  greeting,
  ehlo,
  starttls,
  hello,
  session
};  // instead of the reply to it; session: after the handshake

struct Manners {
  Trick trick = Trick::none;
  Ending ending = Ending::none;
  Moment moment = Moment::greeting;
  std::vector<std::pair<std::string, std::string>> says;  // how a request begins, and the reply in plain text
  TlsVersion highest = TlsVersion::tls1_3;
  ClientCertificate client_certificate = ClientCertificate::not_asked;
  std::string ciphers;                        // a list of OpenSSL's; empty: whatever it offers by default
  std::chrono::milliseconds greets_after{0};  // before its greeting alone
  bool offers_again = false;                  // STARTTLS, inside TLS
};

}  // namespace danewatch::lab

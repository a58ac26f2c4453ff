// The words for one look at a server: on which view, and where it ended.
//
// Facts only. Thread rule: values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/evidence/fault.hpp"

namespace danewatch {

// Which face of the server we look at: the family of signatures it then shows, no SNI, or what a second connection on
// the default view shows where that is another certificate: behind a load balancer servers take turns.
enum class View { standard, rsa, rsa_pss, ecdsa, ed25519, ed448, no_sni, second };  // `standard` is spelled "default"

// The families of signatures that a client offers (`rsa` to `ed448`); none: whatever OpenSSL offers by default.
using Families = std::vector<View>;

// Where a look ended and by what, in the peer's or the system's words.
struct LookEnd {
  Stage stage = Stage::not_started;
  Fault fault = Fault::none;
  std::string error;  // as TlsEvidence::error

  bool operator==(const LookEnd&) const = default;
};

std::string_view to_string(View view);

}  // namespace danewatch

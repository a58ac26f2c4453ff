#include "probe/evidence/look.hpp"

namespace danewatch {

std::string_view to_string(View view) {
  switch (view) {
    case View::standard:
      return "default";
    case View::rsa:
      return "rsa";
    case View::rsa_pss:
      return "rsa-pss";
    case View::ecdsa:
      return "ecdsa";
    case View::ed25519:
      return "ed25519";
    case View::ed448:
      return "ed448";
    case View::no_sni:
      return "no-sni";
    case View::second:
      return "second";
  }
  return "";
}

}  // namespace danewatch

#include "probe/evidence/tls_evidence.hpp"

namespace danewatch {

std::string_view to_string(View view) {
  switch (view) {
    case View::standard:
      return "default";
    case View::rsa:
      return "rsa";
    case View::ecdsa:
      return "ecdsa";
    case View::eddsa:
      return "eddsa";
    case View::no_sni:
      return "no-sni";
  }
  return "";
}

bool shows_chain(const TlsEvidence& evidence) {
  return !evidence.chain.empty();
}

bool insists_on_client_certificate(const TlsEvidence& evidence) {
  return evidence.client_certificate_requested && evidence.stage == Stage::handshake && shows_chain(evidence);
}

}  // namespace danewatch

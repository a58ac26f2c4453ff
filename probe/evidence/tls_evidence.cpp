#include "probe/evidence/tls_evidence.hpp"

namespace danewatch {

bool shows_chain(const TlsEvidence& evidence) {
  return !evidence.chain.empty();
}

bool insists_on_client_certificate(const TlsEvidence& evidence) {
  return evidence.client_certificate_requested && evidence.stage == Stage::handshake && shows_chain(evidence);
}

}  // namespace danewatch

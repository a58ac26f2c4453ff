// Inner: from OpenSSL's parsed certificate to our value, so that nothing is parsed twice.
//
// Leaves OpenSSL's error queue clean. Thread rule: pure functions; the
// certificate must not be in use by another thread (OpenSSL caches the decoded key in it).
#pragma once

#include <cstdint>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"
#include "probe/openssl/handle.hpp"

namespace danewatch {

// Every field. A date that is no date stays at the epoch, a key that does not decode has an empty `key`: a server
// can be authenticated by a digest of either.
Certificate certificate_from(X509* x509);

// DER exactly as it was received.
std::vector<std::uint8_t> der_of(X509* x509);

// SubjectPublicKeyInfo in DER.
std::vector<std::uint8_t> spki_of(X509* x509);

// "ecdsa-p256", "rsa-2048", "ed25519", …; empty if OpenSSL cannot say.
std::string key_word(EVP_PKEY* key);

}  // namespace danewatch

// Certificates as a TLS server may send them.
#include "probe/openssl/certificate.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

FUZZ(input) {
  const Certificate certificate = parse_certificate(fuzz::as_bytes(input));
  fuzz::require(certificate.sha256.size() == 64, "every certificate has its digest");
  const auto key = spki_from_certificate(certificate);
  if (certificate.error.empty()) {
    // As OpenSSL writes it: a few octets that are no DER (unused bits of a BIT STRING) are put right.
    fuzz::require(parse_certificate(certificate.der) == certificate, "what was read reads back as the same");
    fuzz::require(certificate.spki_sha256.size() == 64, "a certificate that parses has a key");
    fuzz::require(key.has_value(), "the key of a certificate that parses can be had");
    fuzz::require(association_data(0, *key) == *key, "matching type 0 is the thing itself");
    fuzz::require(association_data(1, *key).size() == 32, "matching type 1 is SHA-256");
    fuzz::require(association_data(2, *key).size() == 64, "matching type 2 is SHA-512");
  } else {
    fuzz::require(certificate.der == fuzz::as_bytes(input), "what does not parse is kept as it was sent");
    fuzz::require(certificate.subject.empty() && certificate.names.empty(), "no fields of what does not parse");
  }
}

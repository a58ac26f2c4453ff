// Makes keys and certificates for tests and for the lab: any chain, any defect, no files.
//
// Deterministic in shape, random in keys (ECDSA P-256 unless said otherwise, which is fast). Test code: OpenSSL
// may be included by its .cpp. Thread rule: values and pure functions; keys are shared immutable handles.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"
#include "resolver/dns/tlsa.hpp"

namespace danewatch::pki {

enum class KeyType { ecdsa_p256, rsa_1024, rsa_2048, ed25519, ecdsa_p384, rsa_512, ed448, rsa_pss };

struct Key;  // an EVP_PKEY behind a handle
using KeyPtr = std::shared_ptr<const Key>;
KeyPtr make_key(KeyType type = KeyType::ecdsa_p256);

struct CertificateSpec {
  std::string common_name;
  std::vector<std::string> dns_names;
  std::vector<std::string> emails;  // rfc822Name SANs
  std::vector<std::string> ips;     // iPAddress SANs
  bool ca = false;
  bool basic_constraints = true;  // false: leave the extension out
  std::optional<int> path_length;
  std::optional<std::string> permitted_dns, excluded_dns;  // name constraints
  std::string extended_key_usage;                          // "", "serverAuth", "clientAuth"
  bool key_cert_sign = true;                               // CA only
  bool key_ids = true;                                     // SKID and AKID
  bool version1 = false;                                   // X.509 v1, no extensions
  bool sha1 = false;                                       // sign with SHA-1
  SysTime not_before{std::chrono::seconds{1735689600}};    // 2025-01-01
  SysTime not_after{std::chrono::seconds{2524608000}};     // 2050-01-01
  std::vector<std::string> srv_names;                      // SRVName SANs (RFC 4985), "_imap.example.org"
};

struct Identity {  // a certificate with its key
  KeyPtr key;
  std::vector<std::uint8_t> der;
  CertificateSpec spec;
};

// Self-signed, or signed by `issuer`. A given key is used instead of a fresh one.
Identity issue(const CertificateSpec& spec, const Identity* issuer = nullptr, KeyPtr key = nullptr);

std::string certificate_pem(const std::vector<std::uint8_t>& der);
std::string key_pem(const Key& key);  // PKCS#8
std::vector<std::uint8_t> spki_der(const Identity& identity);
std::vector<std::uint8_t> spki_der(const Key& key);

// The right record for a certificate: data computed from it.
TlsaRecord tlsa_for(const Identity& identity, int usage, int selector, int matching_type);

// A well-formed digest record of nothing in particular (`salt` makes it distinct).
TlsaRecord unrelated_tlsa(int usage, int selector, int matching_type, int salt = 0);

}  // namespace danewatch::pki

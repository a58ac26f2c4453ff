// Certificates and keys: from DER and PEM to values.
//
// Never throws on hostile input. Thread rule: pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch {

// Fields of one certificate; where it does not parse, `error` says why and der and sha256 are set.
Certificate parse_certificate(std::vector<std::uint8_t> der);

// A PEM file's certificates in order. Errors: no certificate at all (names what the file holds instead, such
// as a private key), a block that does not decode (position), more than 100 certificates.
Parsed<std::vector<Certificate>> parse_pem_chain(std::string_view pem);

// SubjectPublicKeyInfo (DER) of a PEM public or private key or certificate request; where there is none, of the first
// certificate. An encrypted private key is an error; nothing is ever asked for.
Parsed<std::vector<std::uint8_t>> spki_from_pem(std::string_view pem);

// SubjectPublicKeyInfo (DER) of a certificate.
Parsed<std::vector<std::uint8_t>> spki_from_certificate(const Certificate& certificate);

// Whether clients take it for the issuer of others (RFC 5280 4.2.1.9; a self-signed one of version 1 too).
bool is_ca(const Certificate& certificate);

// Data of a TLSA record with this matching type (0, 1, 2) over `bytes`.
std::vector<std::uint8_t> association_data(int matching_type, const std::vector<std::uint8_t>& bytes);

}  // namespace danewatch

// Inner: the rules around OpenSSL's DANE code that need its parsers: which records are usable, which names count, and
// what an error means.
//
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probe/openssl/match_engine.hpp"
#include "probe/report/match.hpp"

namespace danewatch::dane {

// Why no client of this service uses the record (RFC 6698 4.1, RFC 7672 3.1.3); nothing where it is usable.
std::optional<std::string> why_unusable(const Engine& engine, const TlsaRecord& record, const Service& service);

// What the bytes of a record are by themselves.
bool is_certificate(std::span<const std::uint8_t> bytes);
bool is_public_key(std::span<const std::uint8_t> bytes);

// Names OpenSSL may be given: without trailing dots, and without those it would read as patterns (rows.md C-53).
std::vector<std::string> safe_names(std::span<const std::string> names);

// X509_CHECK_FLAG_… for this leaf under the rules of the service (RFC 7672 3.2.3, RFC 6125 6.4.4, RFC 4513 3.1.3).
unsigned int host_flags(const Service& service, x509_st* leaf);

// What an evaluation that did not authenticate means, and how far it came (higher is further).
struct Failure {
  Reason reason = Reason::no_match;
  int progress = 0;
};
Failure failure_of(const Evaluation& evaluation);

}  // namespace danewatch::dane

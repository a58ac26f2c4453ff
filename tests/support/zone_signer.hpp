// Signs DNS zones for tests and for the lab: any algorithm, any dates, any defect, no files.
//
// Zone-file text goes in, zone-file text comes out (NSD and libunbound's auth-zone load it). One key per zone signs
// everything (flags 257). Test code: throws std::runtime_error when the text does not parse. Thread rule: values and
// pure functions; keys are shared immutable handles, and one key may serve any number of zones.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/answer.hpp"

namespace danewatch::zones {

enum class Algorithm { ecdsa_p256, rsa_sha256, ed25519, ed448 };

struct ZoneKey;  // a key pair behind a handle
using ZoneKeyPtr = std::shared_ptr<const ZoneKey>;
ZoneKeyPtr make_zone_key(Algorithm algorithm = Algorithm::ecdsa_p256);
std::string private_key_pem(const ZoneKey& key);  // for another signer

// Which RRset: owner in full or relative to the origin ("@" the origin, "" every owner), type as in "TLSA" or "NSEC"
// ("" every type).
struct RrsetRef {
  std::string owner;
  std::string type;
};

// Signatures with dates of their own.
struct Redated {
  RrsetRef rrset;
  SysTime inception;
  SysTime expiration;
};

struct ZoneSpec {
  std::string origin;  // "example.lab" or "."
  std::string text;    // RRs, relative names and $TTL allowed; a SOA is added if there is none
  SysTime inception{std::chrono::seconds{1735689600}};   // 2025-01-01
  SysTime expiration{std::chrono::seconds{2145916800}};  // 2038-01-01: ldns takes later dates for negative
  Algorithm algorithm = Algorithm::ecdsa_p256;           // of a fresh key
  ZoneKeyPtr key;                                        // used instead of a fresh one
  std::optional<std::uint16_t> nsec3_iterations;         // NSEC3 without salt instead of NSEC
  bool nsec3_opt_out = false;                            // with that flag
  std::vector<RrsetRef> break_signature_of;              // one bit of the signature is flipped
  std::vector<Redated> redate;                           // e.g. one expired RRset in a healthy zone
  bool strip_nsec = false;                               // no NSEC, NSEC3 and their signatures in the output
  bool unsigned_zone = false;                  // no DNSSEC at all; ds_records still name the key ("DS but no DNSKEY")
  std::optional<std::uint8_t> ds_algorithm;    // a lie in the DS: 250 is unknown to everybody
  std::optional<std::uint8_t> ds_digest_type;  // likewise
  bool break_ds_digest = false;
};

struct SignedZone {
  std::string text;                         // absolute names, SOA first, one RR per line
  std::vector<std::string> ds_records;      // for the parent: "example.lab. 3600 IN DS 12345 13 2 HEX"
  std::vector<std::string> dnskey_records;  // "example.lab. 3600 IN DNSKEY 257 3 13 BASE64": a trust anchor
};

SignedZone sign_zone(const ZoneSpec& spec);

}  // namespace danewatch::zones

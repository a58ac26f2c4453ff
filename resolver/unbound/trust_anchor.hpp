// The trust anchor of validation: which records, and where they came from.
//
// Only reads files; never updates one (RFC 5011 is the business of whoever owns the file). Thread rule: values and
// free functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace danewatch {

struct TrustAnchor {
  std::string source;                // the path, or "built-in"
  std::vector<std::string> records;  // DS and DNSKEY in presentation form, one line each

  bool operator==(const TrustAnchor&) const = default;
};

// The file the operator named: std::runtime_error, beginning with "--trust-anchor FILE", when it cannot be read or
// holds anything but DS and DNSKEY records (or none). Without a name the first of `candidates` that is sound, else the
// root keys of IANA that are built in.
TrustAnchor find_trust_anchor(const std::optional<std::string>& file, std::span<const std::string> candidates);
TrustAnchor find_trust_anchor(const std::optional<std::string>& file);  // /usr/share/dns and /var/lib/unbound

}  // namespace danewatch

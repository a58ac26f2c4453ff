// Inner: the CA certificates this machine knows, to name one that a TLSA record speaks of.
//
// Never decides about trust: the trust store does. Read once, when it is first asked. Thread rule: may be shared by
// threads.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/tlsa.hpp"

struct x509_st;

namespace danewatch::dane {

class CaBundle {
 public:
  // PEM file; none: OpenSSL's default file, or `ca-certificates.crt` in its default directory. A file that cannot be
  // read is an empty bundle.
  explicit CaBundle(std::optional<std::string> file);
  CaBundle(const CaBundle&) = delete;
  CaBundle& operator=(const CaBundle&) = delete;
  ~CaBundle();

  // The CA whose certificate or key the record's data is, under the record's own selector and matching type; nullptr:
  // none. Lives as long as the bundle.
  x509_st* find(const TlsaRecord& record) const;

 private:
  struct Authority;
  const std::vector<Authority>& authorities() const;

  std::optional<std::string> file_;
  mutable std::once_flag read_;
  mutable std::vector<Authority> authorities_;
};

std::string subject_of(x509_st* certificate);

}  // namespace danewatch::dane

// The Matcher that lets OpenSSL's own DANE code decide, offline.
//
// Every rule of RFC 6698, 7671 and 7672 about matching is applied here and nowhere else. Never connects. The CA store
// is loaded only when a usage 0 or 1 record or the informative PKIX result of a chain without DANE authentication needs
// it. Thread rule: may be shared by
// threads.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "probe/report/match.hpp"

namespace danewatch {

struct MatcherOptions {
  std::optional<std::string> ca_file;  // PEM; default: OpenSSL's default locations
  bool pkix = false;                   // fill in the informative PKIX result also where usage 2 or 3 authenticates
};

class OpensslMatcher final : public Matcher {
 public:
  // Throws std::runtime_error naming the file if ca_file cannot be read.
  explicit OpensslMatcher(MatcherOptions options = {});
  ~OpensslMatcher() override;

  std::shared_ptr<const Matcher> share() const override;
  MatchResult match(const MatchQuestion& question) const override;
  std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord> records,
                                                   const Service& service) const override;

 private:
  class Impl;
  explicit OpensslMatcher(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

}  // namespace danewatch

// Pure: would this certificate chain satisfy these TLSA records? No DNS, no network (`danewatch verify`).
//
// Evidence made of files, judged as a probe of one host with one address.
// Thread rule: pure, given the matcher.
#pragma once

#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

struct VerifyQuestion {
  std::vector<Certificate> chain;  // leaf first
  std::vector<TlsaRecord> records;
  std::vector<std::string> names;  // reference identifiers, primary first; never empty
  const Service* service = &smtp_service();
  SysTime at{};
  Policy policy;
};

// A report of one host with one endpoint: neither has a name or an address, for nobody was asked.
struct VerifyReport {
  Report report;

  const HostReport& host() const { return report.hosts.front(); }
  const EndpointReport& endpoint() const { return host().endpoints.front(); }
};

VerifyReport verify(const Matcher& matcher, VerifyQuestion question);

}  // namespace danewatch

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

struct VerifyReport {
  VerifyQuestion question;
  MatchResult match;
  std::vector<RecordReport> records;
  Severity severity = Severity::unknown;
  std::string summary;            // one line for a human
  std::vector<Finding> findings;  // worst first
};

VerifyReport verify(const Matcher& matcher, VerifyQuestion question);

}  // namespace danewatch

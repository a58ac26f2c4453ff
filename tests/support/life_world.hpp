// A mail server over time, as runs see it: what memory is tested with.
//
// Turn a knob, then ask for a report. Thread rule: a value.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch::test {

struct LifeWorld {
  SysTime at{};
  std::uint32_t ttl = 3600;
  Status mx = Status::secure;
  Status tlsa = Status::secure;
  std::set<std::string> hosts{"mx1.example.org"};
  std::set<std::string> addresses{"192.0.2.1", "192.0.2.2"};
  std::map<std::string, char> keys{{"192.0.2.1", 'a'}, {"192.0.2.2", 'a'}};  // by address
  int renewals = 0;                                                          // certificates of the same keys
  std::string records = "a";     // by the key that each is for: "ab" has two
  std::set<std::string> silent;  // addresses that do not answer
  bool starttls = true;
  Verdict verdict = Verdict::authenticated;
  Severity severity = Severity::ok;

  Report report() const;

  // The same moment, of a run that could not look.
  Report blind() const;

  void all_show(char key);
};

std::string record_of_key(char key);  // "3 1 1 aaaa…"

}  // namespace danewatch::test

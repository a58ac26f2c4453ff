// Who should mend what, as a survey saw it: by operator, the worst first.
//
// What stands at a host is for whoever runs it, everything else for the domain. Only what is critical or a warning, has
// advice, and is no fault of ours. Bounded by what is wrong. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "probe/survey/result.hpp"

namespace danewatch {

struct Complaint {
  std::string where;  // the host, or the domain
  Severity severity = Severity::warning;
  std::string code, text, fix;
  SysTime at{};
  std::uint64_t domains = 0;          // that have it
  std::vector<std::string> examples;  // of those, at most ten
};

struct Notice {
  std::string operator_domain;  // registrable
  std::vector<Complaint> complaints;
};

class Notices {
 public:
  explicit Notices(ProviderOf provider_of) : provider_of_(std::move(provider_of)) {}

  void add(const SurveyResult& result);
  std::vector<Notice> take();  // the operator whose complaints hurt most domains first

 private:
  struct Key {
    std::string owner, where, code, text;
    auto operator<=>(const Key&) const = default;
  };

  ProviderOf provider_of_;
  std::map<Key, Complaint> complaints_;
};

}  // namespace danewatch

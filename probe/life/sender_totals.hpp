// How many sessions were ever reported of each domain, and how they ended: what counters are made of.
//
// Only what is believed; it never shrinks. Bounded, whatever strangers write. Thread rule: SenderTotals has one owner.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "probe/evidence/sender_report.hpp"

namespace danewatch {

struct SenderTotal {
  std::map<std::string, std::uint64_t, std::less<>> sessions;  // by one of sender_results()
  SysTime last_report{};                                       // end of the latest

  bool operator==(const SenderTotal&) const = default;
};

class SenderTotals {
 public:
  static constexpr std::size_t most_domains = 10'000;

  void add(const SenderReport& report);
  const std::map<std::string, SenderTotal>& domains() const { return domains_; }

 private:
  std::map<std::string, SenderTotal> domains_;
};

// "success", IANA's words (RFC 8460 4.3), and "other", which is also what was not said.
std::vector<std::string_view> sender_results();

}  // namespace danewatch

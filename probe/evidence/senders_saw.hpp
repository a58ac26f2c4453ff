// What other mail servers reported about a target, day by day (RFC 8460): facts as they were told, and no verdict.
//
// Every text is foreign and unescaped, and cut to a length. What nobody vouches for stands in days of its own. Thread
// rule: values.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "probe/evidence/sender_report.hpp"

namespace danewatch {

struct SenderSessions {
  std::uint64_t successful = 0;
  std::uint64_t failed = 0;

  bool operator==(const SenderSessions&) const = default;
};

// One way to fail, at one host, under one policy.
struct SenderTrouble {
  std::string result_type;
  std::string mx_host;  // empty: not said
  SenderPolicyType policy = SenderPolicyType::other;
  std::vector<std::string> strings;  // of a TLSA policy: its records

  auto operator<=>(const SenderTrouble&) const = default;
};

struct SenderShare {
  std::string name;  // of who signed, else the one it gives itself
  SenderSessions sessions;

  bool operator==(const SenderShare&) const = default;
};

struct ToldTrouble {
  SenderTrouble trouble;
  std::uint64_t sessions = 0;
  std::vector<std::string> senders;

  bool operator==(const ToldTrouble&) const = default;
};

struct SendersDay {
  std::chrono::sys_days day{};  // UTC, of the beginning of the reports
  bool believed = true;
  std::size_t reports = 0;
  SenderSessions sessions;
  std::vector<SenderShare> senders;   // those with most failures first
  std::vector<ToldTrouble> troubles;  // those of most sessions first

  bool operator==(const SendersDay&) const = default;
};

struct SendersSaw {
  bool vouched = true;           // somebody is named who vouches for reports
  std::vector<SendersDay> days;  // newest first; of one day what is believed first

  bool operator==(const SendersSaw&) const = default;
};

}  // namespace danewatch

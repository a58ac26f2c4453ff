// What the TLS reports of many senders add up to, per domain and day.
//
// Each report counts once, however often it comes. Bounded, whatever strangers write: what is beyond the limits is
// counted without its particulars. Asks no clock. Thread rule: a SenderTally has one owner.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
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
  std::vector<std::string> strings;  // of a TLSA policy: its records, at most `most_records`

  auto operator<=>(const SenderTrouble&) const = default;
};

struct SenderDay {
  std::size_t reports = 0;
  SenderSessions sessions;
  std::map<std::string, SenderSessions> senders;  // by who signed, else by the name it gives itself
  std::map<SenderTrouble, std::uint64_t> troubles;
  SysTime latest{};  // end of the latest report
};

struct SenderDayKey {
  std::string domain;  // A-labels; empty: no report said it
  std::chrono::sys_days day{};
  bool believed = true;

  auto operator<=>(const SenderDayKey&) const = default;
};

class SenderTally {
 public:
  static constexpr std::size_t most_days = 20'000;
  static constexpr std::size_t most_particulars = 20'000;  // senders and troubles, over all days
  static constexpr std::size_t most_records = 8;

  // `believed`: counted with those whose word is good; the others are kept apart. False: it was counted before.
  bool add(const SenderReport& report, bool believed);

  const std::map<SenderDayKey, SenderDay>& days() const { return days_; }
  const std::map<std::string, std::size_t>& notes() const { return notes_; }  // deviations, and in how many reports
  std::size_t reports() const { return reports_; }

  void forget_before(std::chrono::sys_days day);

 private:
  void add_policy(const SenderReport& report, const SenderPolicy& policy, SenderDay& day);

  std::map<SenderDayKey, SenderDay> days_;
  std::map<std::string, std::size_t> notes_;
  std::unordered_set<std::string> known_;
  std::size_t reports_ = 0;
  std::size_t particulars_ = 0;
};

// "google.com" where that is proven, else what the report calls its sender.
std::string sender_name(const SenderReport& report);

// Clocks differ, and zones are forgotten: more than two days ahead of us is no report of what was.
bool is_from_the_future(const SenderReport& report, SysTime now);

enum class SendersSay { nothing, no_failures, failures, mostly_failures };

// Of what is believed, or where `all`, of everything: `mostly_failures` where more sessions of one sender with one
// domain failed than succeeded.
SendersSay what_senders_say(const SenderTally& tally, bool all);

struct RejectedFile {
  std::string name;  // unescaped
  Rejected why;
};

// What came of reading files.
struct SenderSummary {
  SenderTally tally;
  bool trust_all = true;     // nobody was named who vouches, so what is not believed counts as well
  std::size_t repeated = 0;  // reports that had been counted
  std::size_t older = 0;     // than what was asked for
  std::size_t others = 0;    // documents that are no TLS reports, and need not be
  std::vector<RejectedFile> rejected;
};

}  // namespace danewatch

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
#include <unordered_map>
#include <vector>

#include "probe/evidence/sender_report.hpp"
#include "probe/evidence/senders_saw.hpp"

namespace danewatch {

struct TroubleCount {
  std::uint64_t sessions = 0;
  std::map<std::string, std::uint64_t> senders;
};

struct SenderDay {
  std::size_t reports = 0;
  SenderSessions sessions;
  std::map<std::string, SenderSessions> senders;  // by who signed, else by the name it gives itself
  std::map<SenderTrouble, TroubleCount> troubles;
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
  // Each for what is believed and for what is not, which must not take the place of the other.
  static constexpr std::size_t most_days = 20'000;
  static constexpr std::size_t most_particulars = 20'000;  // senders and troubles, over all days
  static constexpr std::size_t most_records = 8;

  // `believed`: counted with those whose word is good; the others are kept apart. False: it was counted before.
  bool add(const SenderReport& report, bool believed);

  const std::map<SenderDayKey, SenderDay>& days() const { return days_; }
  const std::map<std::string, std::size_t>& notes() const { return notes_; }  // deviations, and in how many reports
  std::size_t reports() const { return reports_; }

  void forget_before(std::chrono::sys_days day);  // what comes again then counts anew

 private:
  struct Room {
    std::size_t days = 0;
    std::size_t particulars = 0;

    bool takes_day(bool there);
    bool takes(bool there);  // particulars
  };
  // Where what a report says of a domain goes.
  struct Place {
    const std::string& sender;
    SenderDay& day;
    Room& room;
  };

  static void add_policy(const Place& place, const SenderPolicy& policy);
  static void add_trouble(const Place& place, SenderTrouble trouble, std::uint64_t sessions);

  std::map<SenderDayKey, SenderDay> days_;
  std::map<std::string, std::size_t> notes_;
  std::unordered_map<std::string, std::chrono::sys_days> known_;  // their keys, and the days they are of
  std::size_t reports_ = 0;
  Room believed_, doubted_;
};

// Both together.
void join(SenderDay& into, const SenderDay& more);

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

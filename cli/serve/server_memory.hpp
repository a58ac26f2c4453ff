// Inner: what the name servers of each target said when they were last asked, and when to ask again.
//
// Asked again after an interval, at once where the DNS gives something else than then, and sooner where something was
// wrong; never all targets together. Thread rule: one thread.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

class ServerMemory {
 public:
  struct Pace {
    std::chrono::milliseconds interval{std::chrono::hours(1)};
    std::size_t targets = 1;  // among which the questions are spread
  };

  // What is known and still holds; nothing: they are to be asked now, which counts as begun.
  std::optional<NameServers> known(const std::string& target, const DnsEvidence& dns, const Pace& pace, SysTime now);

  // What a run has found out; of one that asked nobody nothing is kept.
  void remember(const std::string& target, const Report& report);

  void forget_others(const std::vector<std::string>& targets);

 private:
  struct Kept {
    std::vector<std::string> facts;  // of the DNS, when it was asked
    NameServers servers;
    bool trouble = false;
  };

  bool has_turn(const Pace& pace, SysTime now);

  std::map<std::string, Kept> kept_;
  SysTime second_{};  // in which so many were asked without a change
  std::size_t turns_ = 0;
};

// What of a walk makes it worth asking again if it changes: the questions for name servers and the answers to them.
std::vector<std::string> facts_for_servers(const DnsEvidence& dns);

}  // namespace danewatch

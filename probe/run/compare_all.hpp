// Holds what was seen against the records, host by host.
//
// Coordinates a Matcher, decides nothing. What would hold up the loop is done by the workers, one endpoint of a run at
// a time, and identical chains of a host are compared once. Thread rule: one executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "probe/evidence/evidence.hpp"
#include "probe/report/match.hpp"
#include "resolver/dns/answer.hpp"
#include "resolver/workers.hpp"

namespace danewatch {

class Clock;

struct Comparer {
  const Matcher& matcher;
  Workers& workers;
  const Clock& clock;
};

// What has been compared is not compared again: evidence may be judged many times. The matcher must outlive it.
class KnownMatches final : public Matcher {
 public:
  explicit KnownMatches(const Matcher& matcher) : matcher_(matcher) {}

  void add(const MatchQuestion& question, MatchResult result);
  const MatchResult* find(const MatchQuestion& question) const;  // null: not known

  MatchResult match(const MatchQuestion& question) const override;
  std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord> records,
                                                   const Service& service) const override;

 private:
  struct Known {
    std::vector<Certificate> chain;
    std::vector<TlsaRecord> records;
    std::vector<std::string> names;
    const Service* service;
    SysTime at;
    MatchResult result;
  };

  const Matcher& matcher_;
  std::vector<Known> known_;
};

// Adds what every endpoint's comparison gave; false where the deadline came first. The evidence must outlive it.
boost::asio::awaitable<bool> compare_all(Comparer comparer, const Evidence& evidence, KnownMatches& matches,
                                         Deadline deadline);

}  // namespace danewatch

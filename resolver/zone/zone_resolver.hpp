// A Resolver made of zone files: what validating resolvers would be told if the zones were live.
//
// A zone without signatures counts as one that will be signed; those of a signed one are checked as of a given time. A
// name in no zone that was given is failed/local: nothing is known about it. Asks no network. Thread rule: as Resolver.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "resolver/resolver.hpp"
#include "resolver/zone/zone.hpp"

namespace danewatch {

class ZoneResolver final : public Resolver {
 public:
  // No two zones of one origin.
  ZoneResolver(std::vector<Zone> zones, SysTime at) : zones_(std::move(zones)), at_(at) {}

  boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) override;

  // What a lookup comes to; nobody has to wait for it.
  Answer answer(const Question& question);

  // Names that were asked for and are in no zone.
  const std::set<std::string>& strangers() const { return strangers_; }

 private:
  struct Step;
  Step step(const std::string& name, RrType type) const;
  const Zone* zone_of(const std::string& name, RrType type) const;
  Status status_of(const Zone& zone) const;
  void judge(Step& step, const Zone& zone) const;
  static void take(const Step& step, Answer& answer);

  std::vector<Zone> zones_;
  SysTime at_;
  std::set<std::string> strangers_;
};

}  // namespace danewatch

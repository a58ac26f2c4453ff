// Holds what was seen against the records, host by host.
//
// Coordinates a Matcher, decides nothing. What would hold up the loop is done by the workers, one endpoint of a run at
// a time, and identical chains of a host are compared once. Thread rule: one executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "probe/match.hpp"
#include "probe/report.hpp"
#include "resolver/answer.hpp"
#include "resolver/workers.hpp"

namespace danewatch {

class Clock;

struct Comparer {
  const Matcher& matcher;
  Workers& workers;
  const Clock& clock;
};

// Fills in report.matches; not complete where the deadline came first. The report must outlive it.
boost::asio::awaitable<void> compare_all(Comparer comparer, Report& report, Deadline deadline);

}  // namespace danewatch

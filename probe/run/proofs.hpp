// What proves the answers of a report, from the root down: the keys of every zone that signed one, for evidence that is
// kept.
//
// Waits, decides nothing; what got no answer in time is left out. Thread rule: as Probe.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "probe/report/report.hpp"
#include "resolver/resolver.hpp"

namespace danewatch {

boost::asio::awaitable<std::vector<Answer>> ask_for_proofs(Resolver& resolver, const Report& report, Deadline deadline);

}  // namespace danewatch

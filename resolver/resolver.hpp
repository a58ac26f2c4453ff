// Asks the DNS, validated (interface).
//
// Never throws for a DNS fact, never trusts an upstream's AD bit, never retries after the deadline.
// Thread rule: used from the thread of its executor only; many lookups may be in flight.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <utility>

#include "resolver/dns/answer.hpp"

namespace danewatch {

class Resolver {
 public:
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  virtual ~Resolver() = default;

  // One answer for one question. At the deadline, or before it when the question itself took too long: failed/timeout.
  // Aliases are followed for every type but CNAME itself.
  virtual boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) = 0;

  // What a resolver that does not validate is told: nothing to judge by. Validation mends some wrong answers: NXDOMAIN
  // with a proof that the name does exist becomes an empty answer. By default the same as lookup().
  virtual boost::asio::awaitable<Answer> lookup_unvalidated(Question question, Deadline deadline) {
    return lookup(std::move(question), deadline);
  }
};

}  // namespace danewatch

// Asks the DNS, validated (interface).
//
// Never throws for a DNS fact, never trusts an upstream's AD bit, never retries after the deadline.
// Thread rule: used from the thread of its executor only; many lookups may be in flight.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "resolver/answer.hpp"

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
};

}  // namespace danewatch

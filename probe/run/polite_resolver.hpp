// A Resolver that asks nothing about names whose owners opted out, and takes no answer that may be of our making.
//
// In both cases it is as if our own resolver had failed: nothing is known. Thread rule: as Resolver.
#pragma once

#include "probe/run/self_watch.hpp"
#include "probe/survey/opt_out.hpp"
#include "resolver/resolver.hpp"

namespace danewatch {

class PoliteResolver final : public Resolver {
 public:
  PoliteResolver(Resolver& inner, const OptOut& opt_out, const Clock& clock, SelfWatch& watch)
      : inner_(inner), opt_out_(opt_out), clock_(clock), watch_(watch) {}

  boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) override;
  boost::asio::awaitable<Answer> lookup_unvalidated(Question question, Deadline deadline) override;

 private:
  boost::asio::awaitable<Answer> if_theirs(Answer answer, Deadline begun);

  Resolver& inner_;
  const OptOut& opt_out_;
  const Clock& clock_;
  SelfWatch& watch_;
};

}  // namespace danewatch

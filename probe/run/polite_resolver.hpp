// A Resolver that asks nothing about names whose owners opted out.
//
// To them it is as if our own resolver had failed: nothing is known. Thread rule: as Resolver.
#pragma once

#include "probe/survey/opt_out.hpp"
#include "resolver/resolver.hpp"

namespace danewatch {

class PoliteResolver final : public Resolver {
 public:
  PoliteResolver(Resolver& inner, const OptOut& opt_out) : inner_(inner), opt_out_(opt_out) {}

  boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) override;
  boost::asio::awaitable<Answer> lookup_unvalidated(Question question, Deadline deadline) override;

 private:
  Resolver& inner_;
  const OptOut& opt_out_;
};

}  // namespace danewatch

// The name servers of odd zones: they stand before NSD and pass on its answers, except where a rule says otherwise.
//
// One UDP socket and one TCP listener per odd zone, each on an address of its own. Thread rule: one thread.
#pragma once

#include <memory>
#include <vector>

#include "tests/lab/world.hpp"

namespace danewatch::lab {

class Responder {
 public:
  // Binds all sockets; zones without rules are none of its business, but one with rules must be there. Throws
  // std::runtime_error.
  explicit Responder(const std::vector<Zone>& zones);
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  [[noreturn]] void run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace danewatch::lab

// What main() turns into an exit status.
#pragma once

#include <stdexcept>
#include <string>

namespace danewatch {

// The operator's words make no sense: one sentence, exit status 64 (EX_USAGE). Everything else that cannot go on is a
// std::runtime_error and exit status 3, because the fault is local and nothing is known about the target.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace danewatch

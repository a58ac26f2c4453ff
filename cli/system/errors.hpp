// Exit statuses beside those of a severity, and what main() turns into them.
//
// Thread rule: values.
#pragma once

#include <stdexcept>
#include <string>

namespace danewatch {

inline constexpr int exit_unknown = 3;  // nothing is known about the target
inline constexpr int exit_usage = 64;   // EX_USAGE
inline constexpr int exit_interrupted = 130;

// The operator's words make no sense: one sentence, exit status 64 (EX_USAGE). Everything else that cannot go on is a
// std::runtime_error and exit status 3, because the fault is local and nothing is known about the target.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace danewatch

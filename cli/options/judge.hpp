// What `danewatch judge` is asked.
//
// Thread rule: a value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options/output.hpp"
#include "resolver/dns/answer.hpp"

namespace danewatch {

struct JudgeOptions : OutputOptions {
  std::vector<std::string> files;  // "-": standard input
  std::optional<std::string> ca_file;
  std::optional<SysTime> at;
  bool verify_signatures = false;
  std::optional<std::string> trust_anchor;  // for that
};

}  // namespace danewatch

// What `danewatch tlsrpt` is asked for.
//
// Thread rule: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/answer.hpp"

namespace danewatch {

struct TlsrptOptions {
  std::vector<std::string> paths;  // "-": standard input
  std::string authserv_id;         // empty: nobody vouches, and everything counts
  std::optional<SysTime> since;
  std::optional<SysTime> at;
  bool json = false;
  bool no_color = false;
};

}  // namespace danewatch

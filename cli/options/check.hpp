// What `check` is told, and whoever looks at targets as it does.
//
// Opens no file, asks no network, prints nothing. Thread rule: values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/output.hpp"
#include "cli/options/target_file.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/report/policy.hpp"
#include "resolver/servers/server_answers.hpp"
#include "resolver/target/target.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/walk/locate.hpp"

namespace danewatch {

struct CheckOptions : OutputOptions {
  std::vector<Target> targets;
  std::vector<BadLine> bad_targets;  // among the arguments
  std::optional<std::string> file;   // "-": standard input
  std::optional<std::string> save;   // where the evidence goes
  std::size_t jobs = 32;
  std::chrono::milliseconds timeout{30000};  // of one target's run
  std::optional<SysTime> at;
  std::vector<std::string> next;     // record text or PEM file, not read yet
  std::optional<std::string> state;  // where memory is
  Policy policy;
  NameServers::Asked servers = NameServers::Asked::yes;  // each name server by itself
  LocateOptions locate;
  TargetOptions target;
  DialerOptions dialer;
  ResolverOptions resolver;
};

}  // namespace danewatch

// What `check` is told, and whoever looks at targets as it does.
//
// Opens no file, asks no network, prints nothing. Thread rule: values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/target_file.hpp"
#include "exporters/remedy/remedy.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/report/policy.hpp"
#include "resolver/servers/server_answers.hpp"
#include "resolver/target/target.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/walk/locate.hpp"

namespace danewatch {

struct CheckOptions {
  std::vector<Target> targets;
  std::vector<BadLine> bad_targets;  // among the arguments
  std::optional<std::string> file;   // "-": standard input
  bool json = false;
  bool explain = false;
  bool quiet = false;
  bool no_color = false;
  std::optional<std::size_t> remedy;  // print this one and nothing else
  RemedyFormat remedy_format = RemedyFormat::zone;
  std::size_t jobs = 32;
  std::chrono::milliseconds timeout{30000};  // of one target's run
  std::optional<SysTime> at;
  std::vector<std::string> next;     // record text or PEM file, not read yet
  std::optional<std::string> state;  // where memory is
  bool changes = false;              // print only what changed since the last run
  Policy policy;
  NameServers::Asked servers = NameServers::Asked::yes;  // each name server by itself
  LocateOptions locate;
  TargetOptions target;
  DialerOptions dialer;
  ResolverOptions resolver;
};

}  // namespace danewatch

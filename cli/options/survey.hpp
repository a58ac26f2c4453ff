// What `danewatch survey` was asked for.
//
// Thread rule: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probe/openssl/dialer.hpp"
#include "probe/report/policy.hpp"
#include "probe/survey/courtesy.hpp"
#include "probe/survey/order.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/walk/locate.hpp"

namespace danewatch {

struct SurveyOptions {
  enum class What { look, summary, notices };
  What what = What::look;

  // To look:
  std::string in;   // a file of names; "-": standard input
  std::string out;  // a directory
  Shard shard;
  std::size_t jobs = 256;
  std::size_t rate = 0;
  std::optional<std::string> opt_out;  // a file
  std::string keep = "verdict";
  std::string views = "default";
  std::uint64_t segment = 20000;
  Policy policy;
  LocateOptions locate;
  DialerOptions dialer;
  ResolverOptions resolver;
  CourtesyLimits courtesy;

  // To tell:
  std::vector<std::string> directories;
  bool json = false;
  std::optional<std::string> html;     // a file; "-": standard output
  std::optional<std::string> against;  // the directory of an earlier survey
};

}  // namespace danewatch

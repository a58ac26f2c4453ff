// What `danewatch predict` is asked.
//
// Thread rule: a value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options/output.hpp"
#include "cli/options/target_file.hpp"
#include "probe/predict/chains.hpp"
#include "probe/report/policy.hpp"
#include "resolver/target/target.hpp"

namespace danewatch {

struct ZoneFile {
  std::optional<std::string> origin;  // A-labels; nothing: the file says it
  std::string file;                   // "-": standard input
};

struct MappedChain {
  HostAndPort place;
  std::string file;
};

struct PredictOptions : OutputOptions {
  std::vector<Target> targets;
  std::vector<BadLine> bad_targets;
  std::vector<ZoneFile> zones;
  std::optional<std::string> include_folder;
  std::vector<std::string> chain_folders;
  std::vector<MappedChain> mapped;
  std::optional<std::string> ca_file;
  std::optional<std::string> junit;  // where the results go
  std::optional<SysTime> at;
  std::vector<std::string> next;  // record text or PEM file, not read yet
  Policy policy;
};

}  // namespace danewatch
